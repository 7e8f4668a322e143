// SPDX-License-Identifier: Apache-2.0
// A look into a mailbox whose server is a script, for an office that says no to whom it is told.
#pragma once

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <deque>
#include <map>
#include <string>
#include <vector>

#include "bridges/email/mailbox/look.h"
#include "scripted_wire.h"
#include "tests/fakes/fake_office.h"

namespace waypost::email {

class OfficeWithNoes final : public Office {
  public:
    Verdict check(const Sender& s, const Address& to, std::size_t bytes) override {
        return inner.check(s, to, bytes);
    }
    void accept(Message message, OnVerdicts on_verdicts) override {
        std::vector<Verdict> verdicts;
        bool taken = false;
        for (const Address& to : message.to) {
            const auto no = noes.find(std::string(to.local_part()));
            verdicts.push_back(no == noes.end() ? Verdict{} : no->second);
            taken = taken || verdicts.back().kept();
        }
        ++asked;
        if (taken) inner.accepted.push_back(std::move(message));
        on_verdicts(verdicts);
    }
    std::unique_ptr<BodyWriter> new_body() override { return inner.new_body(); }
    Result<std::unique_ptr<std::istream>> open_body(const Body& body) override {
        return inner.open_body(body);
    }
    void begin(AttemptId, WireId, std::function<void(bool)>) override {}
    void report(AttemptId, Outcome) override {}
    void proof(const TransportId&, const WireId&, Proof, std::function<void(bool)>) override {}
    void retract(const TransportId&, MessageId, std::function<void(bool)>) override {}
    void heard(const TransportId&, const Address&, Heard) override {}
    void wake(const TransportId&) override {}
    TransportState& state(const TransportId& id) override { return inner.state(id); }
    const Clock& clock() const override { return inner.clock(); }
    Random& random() override { return inner.random(); }
    std::string domain() const override { return inner.domain(); }
    std::string village() const override { return inner.village(); }

    FakeOffice inner;
    std::map<std::string, Verdict> noes;  // by local part
    int asked = 0;
};

// Whoever asks for a look; each call to the server is answered by the next script.
class LookWorld : public ::testing::Test, protected Surroundings {
  protected:
    using Script = std::deque<std::string>;

    LookWorld() {
        options_.login = {"village@provider.test", password_.path(), false};
        options_.server.host = "provider.test";
        options_.look_back = std::chrono::hours(72);
        TakerOptions taker;
        taker.transport = "mailbox.post";
        taker.account.address = mailto("village", "provider.test");
        taker.account.separator = "+";
        taker.account.domain = "hill.example";
        taker_ = std::make_unique<MailTaker>(office_, taker, memory_, memory_mutex_);
        copies_.load(state());
    }

    void no_room_for(const std::string& who, Verdict::Reason reason) {
        office_.noes[who] = {Verdict::Kind::Later, reason, "no room", 0};
    }
    static std::string mail_for(const std::string& who, const std::string& day,
                                const std::string& text) {
        return "Received: from a by b; " + day +
               " 12:00:00 +0000\r\nReturn-Path: <bob@out.test>\r\n"
               "From: bob@out.test\r\nTo: village+" +
               who + "@provider.test\r\nMessage-ID: <" + text + "@out.test>\r\n\r\n" + text +
               "\r\n";
    }
    // The clock stands at 15 January 2027.
    static constexpr const char* kLongAgo = "Fri, 1 Jan 2027";
    static constexpr const char* kToday = "Fri, 15 Jan 2027";

    std::vector<std::string> texts() const {
        std::vector<std::string> all;
        for (const Message& message : office_.inner.accepted)
            all.push_back(message.text.substr(0, message.text.find_first_of("\r\n")));
        return all;
    }
    // What one session wrote to the server, and how it ended.
    std::string session(Look& look, Script script) {
        said_.clear();
        script_ = std::move(script);
        ended_ = look.session();
        return said_;
    }

    Office& office() override { return office_; }
    TransportState& state() override { return office_.state("mailbox.post"); }
    MailTaker& taker() override { return *taker_; }
    SentCopies& copies() override { return copies_; }
    Bell& bell() override { return bell_; }
    Result<std::unique_ptr<MailWire>> call(const ProviderServer&) override {
        return std::unique_ptr<MailWire>(std::make_unique<ScriptedWire>(script_, said_));
    }
    bool stopping() const override { return false; }
    void doing(const std::string&) override {}
    void let_in() override {}
    void went_well() override { ++went_well_; }
    void settled(const TakenMail& mail, const std::string&) override { told_.push_back(mail); }
    void lying_there(std::size_t left) override { lying_ = left; }
    void without_copy() override { ++without_copy_; }
    void cut_by(std::function<void()>) override {}

    TestPasswordFile password_{"pw"};
    LookOptions options_;
    OfficeWithNoes office_;
    SentMemory memory_;
    std::mutex memory_mutex_;
    std::unique_ptr<MailTaker> taker_;
    SentCopies copies_;
    Bell bell_;
    Script script_;
    std::string said_;
    Result<void> ended_;
    std::vector<TakenMail> told_;
    std::size_t lying_ = 0;
    int went_well_ = 0;
    int without_copy_ = 0;
};

}  // namespace waypost::email
