// SPDX-License-Identifier: Apache-2.0
// Operators' signed commands at a box: done once, answered, on record; and all that is refused.
#include "gateway/care/care_desk.h"

#include <gtest/gtest.h>

#include "gateway/care/packet.h"
#include "tests/unit/gateway/delivery/village.h"

namespace waypost {
namespace {

struct FakeActs final : CareActs {
    explicit FakeActs(std::vector<std::string>& all) : did(all) {}
    std::string status() override {
        did.push_back("status");
        return "all well";
    }
    std::string log(std::size_t lines, const std::string& component) override {
        did.push_back("log " + std::to_string(lines) + ' ' + component);
        return "12:00 info nncp did";
    }
    Result<Done> restart(const std::string& transport) override {
        did.push_back("restart " + transport);
        if (transport == "moon") return Error{Code::NotFound, "there is no moon here", false};
        return Done{"restarted " + transport, [this] { did.push_back("then"); }};
    }
    Result<Done> update(const std::string& name) override {
        did.push_back("update " + name);
        return Error{Code::NotFound, "no update is offered here", false};
    }
    Result<Done> stolen(const std::string& neighbour, const std::string& who) override {
        did.push_back("stolen " + neighbour + " by " + who);
        return Done{"revoked"};
    }
    std::vector<std::string>& did;
};

care::SigningKey key_of(char letter) { return care::signing_key(Secret(std::string(32, letter))); }

class Care : public Village {
  protected:
    Care() { serve(); }
    ~Care() override { office_->care_by(nullptr); }

    void serve() {
        care_ = std::make_unique<CareDesk>(*office_, std::make_unique<FakeActs>(did_));
        CareKey carl{"carl", key_of('c').key, {"status", "log", "restart", "update"}, {}};
        care_->use({carl});
        office_->care_by(care_.get());
    }
    void restart() {
        care_.reset();
        close();
        open();
        serve();
    }
    std::string packet(const std::string& command, char key = 'c', std::uint16_t minutes = 0,
                       const std::string& box = "hill.example") {
        number_ = std::max<std::uint64_t>(number_ + 1, static_cast<std::uint64_t>(box_->wall_ms()));
        return *care::sign_order({box, number_, minutes, command}, key_of(key));
    }
    // It is put on record as begun, and then done.
    void work() {
        for (int i = 0; i < 2; ++i) {
            care_->step();
            settle();
        }
    }
    // As it comes by mail from `from`.
    Verdict mail_to_care(const std::string& packet, const std::string& from = "carl@city.example",
                         const std::string& peer = "nncp:city") {
        Message message = letter(from, "care@hill.example", care::as_text(packet));
        message.return_path = message.from;
        message.peer = peer;
        const Verdict verdict = hand(message);
        work();
        return verdict;
    }
    Result<std::string> run(const std::string& packet) {
        Result<std::string> answer = Error{Code::Timeout, "no answer", true};
        care_->run(packet, "console", [&](Result<std::string> said) { answer = std::move(said); });
        settle();
        work();
        return answer;
    }
    std::vector<std::string> did() { return std::exchange(did_, {}); }
    std::vector<std::string> answers() {
        std::vector<std::string> all;
        for (const Delivery& each : std::exchange(relay_->sent, {}))
            all.push_back(each.to.value + ": " + each.text);
        return all;
    }
    std::vector<store::AuditRow> audit() {
        std::vector<store::AuditRow> rows;
        (void)store_->read([&](store::Tables& tables) {
            rows = tables.console.audit(0, 100);
            return 0;
        });
        return rows;
    }

    std::vector<std::string> did_;
    std::unique_ptr<CareDesk> care_;
    std::uint64_t number_ = 0;
};

using Lines = std::vector<std::string>;

TEST_F(Care, DoesWhatWasSignedOnceAndAnswersByTheWayItCame) {
    const std::string packet = this->packet("restart meshtastic.roof");
    EXPECT_EQ(mail_to_care(packet).kind, Verdict::Kind::Accepted);
    EXPECT_EQ(did(), (Lines{"restart meshtastic.roof", "then"}));
    EXPECT_EQ(answers(), Lines{"carl@city.example: restarted meshtastic.roof"});
    const auto reports = *care_->reports();
    ASSERT_EQ(reports.size(), 1u);
    EXPECT_EQ(reports[0].who, "carl");
    EXPECT_EQ(reports[0].way, "mail carl@city.example by nncp:city");
    EXPECT_EQ(reports[0].command, "restart meshtastic.roof");
    EXPECT_EQ(reports[0].answer, "restarted meshtastic.roof");
    ASSERT_EQ(audit().size(), 1u);
    EXPECT_EQ(audit()[0].who, "carl");
    EXPECT_EQ(audit()[0].what,
              "care restart meshtastic.roof (mail carl@city.example by nncp:city)");
    EXPECT_EQ(audit()[0].about, "restarted meshtastic.roof");
}

TEST_F(Care, TheSamePacketGivesTheSameAnswerAndDoesNothing) {
    const std::string packet = this->packet("restart meshtastic.roof");
    mail_to_care(packet);
    did();
    answers();
    EXPECT_EQ(mail_to_care(packet).kind, Verdict::Kind::Duplicate);
    EXPECT_EQ(answers(), Lines{"carl@city.example: restarted meshtastic.roof"});
    restart();
    EXPECT_EQ(mail_to_care(packet).kind, Verdict::Kind::Duplicate) << "it is in the store";
    EXPECT_EQ(run(packet).value(), "restarted meshtastic.roof");
    EXPECT_TRUE(did().empty());
    EXPECT_EQ(care_->reports()->size(), 1u);
}

TEST_F(Care, WhoCapturedAPacketGetsNoAnswer) {
    const std::string packet = this->packet("log 5");
    mail_to_care(packet);
    answers();
    const Verdict eve = mail_to_care(packet, "eve@evil.example", "198.51.100.7");
    EXPECT_EQ(eve.reason, Verdict::Reason::NotAllowed);
    EXPECT_EQ(eve.text, "it came before, by another way");
    EXPECT_TRUE(answers().empty());
}

TEST_F(Care, AnOlderNumberIsRefusedWhetherItCameOrNot) {
    const std::string overtaken = packet("restart meshtastic.roof");
    mail_to_care(packet("status"));
    did();
    const Verdict late = mail_to_care(overtaken);
    EXPECT_EQ(late.reason, Verdict::Reason::NotAllowed);
    EXPECT_NE(late.text.find("overtook"), std::string::npos) << late.text;
    EXPECT_TRUE(did().empty());
    restart();
    EXPECT_FALSE(run(overtaken).ok());
    EXPECT_TRUE(did().empty());
}

TEST_F(Care, WhatWasBegunBeforeAStopIsNotDoneAgain) {
    const std::string packet = this->packet("restart meshtastic.roof");
    care_->run(packet, "console", [](const Result<std::string>&) {});
    settle();
    care_->step();
    settle();  // that it is begun is on disk, and the power goes
    restart();
    EXPECT_EQ(run(packet).value(), "begun before, and not known to have ended");
    EXPECT_TRUE(did().empty());
    EXPECT_EQ(care_->reports()->at(0).answer, "");
}

TEST_F(Care, WhatWaitedWhenTheGatewayEndedIsDoneOnceItIsBack) {
    Message message = letter("carl@city.example", "care@hill.example",
                             care::as_text(packet("restart meshtastic.roof")));
    EXPECT_TRUE(hand(message).kept());
    EXPECT_EQ(care_->reports()->at(0).answer, "it waits for its turn");
    restart();
    care_->take_up_waiting();
    work();
    EXPECT_EQ(did(), (Lines{"restart meshtastic.roof", "then"}));
    EXPECT_EQ(answers(), Lines{"carl@city.example: restarted meshtastic.roof"});
}

TEST_F(Care, RefusesAnotherBoxesAnUnknownKeysAndAForgedOne) {
    const auto text_of = [&](const std::string& packet) { return mail_to_care(packet).text; };
    EXPECT_EQ(text_of(packet("status", 'c', 0, "dale.example")), "this command is for another box");
    EXPECT_NE(text_of(packet("status", 'x')).find("key is not known"), std::string::npos);
    std::string forged = packet("status");
    forged.back() = static_cast<char>(forged.back() ^ 1);
    EXPECT_EQ(text_of(forged), "the signature is wrong");
    EXPECT_NE(text_of("x").find("too short"), std::string::npos);
    const Verdict none = hand(letter("eve@out.example", "care@hill.example", "Hello"));
    EXPECT_EQ(none.reason, Verdict::Reason::NotAllowed);
    EXPECT_TRUE(did().empty());
    EXPECT_TRUE(answers().empty());
    EXPECT_TRUE(audit().empty()) << "who has no key writes nothing";
    EXPECT_TRUE(care_->reports()->empty());
}

TEST_F(Care, RefusesWhatIsTooOldWhereTheTimeIsBelieved) {
    const std::string packet = this->packet("status", 'c', 10);
    pass(std::chrono::minutes(11));
    const auto answer = run(packet);
    ASSERT_FALSE(answer.ok());
    EXPECT_NE(answer.error().text.find("expired"), std::string::npos);
    EXPECT_TRUE(did().empty());
    const std::string fresh = this->packet("status", 'c', 10);
    pass(std::chrono::minutes(9));
    EXPECT_EQ(run(fresh).value(), "all well");
}

TEST_F(Care, WithoutATrustedTimeAgeIsNotLookedAtAndTheAnswerSaysSo) {
    const std::string packet = this->packet("status", 'c', 10);
    clock_.jump_wall(std::chrono::hours(30));
    office_->keep_house();
    settle();
    ASSERT_FALSE(office_->time_doubt().empty());
    const auto answer = run(packet);
    ASSERT_TRUE(answer.ok()) << answer.error().text;
    EXPECT_EQ(*answer, "(the clock here is not believed: its age was not looked at) all well");
}

TEST_F(Care, RefusesWhatItsKeyMayNotAndWhatIsNoCommand) {
    const auto why = [&](const std::string& command) {
        const auto answer = run(packet(command));
        return answer.ok() ? "done: " + *answer : answer.error().text;
    };
    EXPECT_EQ(why("stolen dale"), "[care.carl] may not stolen");
    EXPECT_NE(why("reboot").find("there is no command reboot: commands are status"),
              std::string::npos);
    EXPECT_NE(why("restart").find("restart of what"), std::string::npos);
    EXPECT_NE(why("status now").find("too many words"), std::string::npos);
    EXPECT_NE(why("log 31").find("1 to 30 lines"), std::string::npos);
    EXPECT_NE(why("log 99999999999999999999999").find("1 to 30 lines"), std::string::npos);
    EXPECT_TRUE(did().empty());
    EXPECT_EQ(audit().size(), 6u) << "its key is known: that is on record";
    EXPECT_EQ(why("restart moon"), "done: not done: there is no moon here");
    EXPECT_EQ(why("update"), "done: not done: no update is offered here");
    EXPECT_EQ(why("log 7 nncp"), "done: 12:00 info nncp did");
    EXPECT_EQ(did(), (Lines{"restart moon", "update ", "log 7 nncp"}));
}

TEST_F(Care, WhatIsRefusedAgainAndAgainStaysSmall) {
    const std::string old = packet("status");
    mail_to_care(packet("status"));
    for (int i = 0; i < 3 * CareDesk::kRepeatsPerDay; ++i) mail_to_care(old);
    EXPECT_LE(audit().size(), CareDesk::kRepeatsPerDay + 1u);
    for (int i = 0; i < 60; ++i) ASSERT_TRUE(run(packet("status")).ok()) << i;
    EXPECT_EQ(care_->reports()->size(), 50u) << "the oldest go";
    EXPECT_FALSE(run(old).ok()) << "its number stays";
}

TEST_F(Care, AnswersAPersonHereWhereTheKeySaysSo) {
    name("carl", kCarl);
    shown(kCarl);
    CareKey carl{"carl", key_of('c').key, {"status"}, mailto("carl", "hill.example")};
    care_->use({carl});
    EXPECT_TRUE(mail_to_care(packet("status")).kept());
    EXPECT_TRUE(answers().empty()) << "not to who brought it";
    const auto seen = shown(kCarl);
    ASSERT_EQ(seen.size(), 1u);
    EXPECT_NE(seen[0].find("all well"), std::string::npos) << seen[0];
}

TEST_F(Care, WithoutAKeyNobodyIsCalledSo) {
    care_->use({});
    EXPECT_EQ(mail_to_care(packet("status")).reason, Verdict::Reason::UnknownRecipient);
    EXPECT_EQ(office_->check({}, mailto("care", "hill.example"), 100).reason,
              Verdict::Reason::UnknownRecipient);
    care_->use({{"carl", key_of('c').key, {"status"}, {}}});
    EXPECT_TRUE(office_->check({}, mailto("care", "hill.example"), 100).kept());
}

}  // namespace
}  // namespace waypost
