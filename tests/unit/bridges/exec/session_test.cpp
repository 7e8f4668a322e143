// SPDX-License-Identifier: Apache-2.0
// What is said between the box and a program, line by line.
#include "bridges/exec/session.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/fakes/fake_office.h"
#include "tests/fakes/fake_people.h"

namespace waypost::exec {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const Address kBob{"sms", "+4917"};
const Address kAnasPhone{"sms", "+4918"};

class Program : public ::testing::Test {
  protected:
    Program() {
        people_.add("ana");
        people_.addresses[kAnasPhone] = "ana";
        office_.people_view = &people_;
        office_.on_heard = [this](const Address& node) { heard_.push_back(node); };
        open();
        session_->started();
    }

    void open() {
        SessionOptions options;
        options.id = "exec.sms";
        options.scheme = "sms";
        options.now = [this] { return now_; };
        session_ = std::make_shared<Session>(
            office_, options, [this](const std::string& line) { out_.push_back(line); },
            [this] { ++changed_; });
    }
    void hello(const std::string& more = {}) {
        session_->line(R"({"hello":1)" + more + '}');
        out_.clear();
    }
    // What was said since the last look, as one text.
    std::string said() {
        std::string all;
        for (const std::string& line : out_) all += line;
        out_.clear();
        return all;
    }
    Delivery delivery(DeliveryId id, const std::string& text = "hello") {
        Delivery made;
        made.attempt = {id, 1};
        made.to = kBob;
        made.from = mailto("ana", "hill.example");
        made.author = "ana";
        made.text = text;
        return made;
    }
    Outcome outcome_of(DeliveryId id) {
        for (const auto& [attempt, outcome] : office_.reports)
            if (attempt.delivery == id) return outcome;
        ADD_FAILURE() << "no report of " << id;
        return {};
    }

    FakePeople people_;
    FakeOffice office_;
    std::chrono::steady_clock::time_point now_{};
    std::vector<std::string> out_;
    std::vector<Address> heard_;
    int changed_ = 0;
    std::shared_ptr<Session> session_;
};

TEST_F(Program, IsGreetedAndIsUpOnceItSaysHello) {
    EXPECT_THAT(said(), HasSubstr(R"({"hello":1,"scheme":"sms","domain":"hill.example")"));
    EXPECT_FALSE(session_->up());
    session_->line(R"({"status":{"up":true}})");
    EXPECT_THAT(said(), HasSubstr("say hello first"));
    EXPECT_FALSE(session_->up());
    session_->line(R"({"hello":1,"scheme":"sms","limits":{"window":3}})");
    EXPECT_TRUE(session_->up());
    EXPECT_EQ(session_->window(), 3);
    EXPECT_THAT(said(), IsEmpty());
}

TEST_F(Program, WithoutHelloInTimeIsEnded) {
    EXPECT_FALSE(session_->look());
    now_ += std::chrono::seconds(10);
    EXPECT_EQ(session_->look(), "said no hello in time");
    session_->ended();
    session_->started();
    EXPECT_FALSE(session_->look()) << "the next one has its own time";
}

TEST_F(Program, OfAnotherSchemeIsEnded) {
    session_->line(R"({"hello":1,"scheme":"matrix"})");
    EXPECT_THAT(session_->look().value_or(""), HasSubstr("is a program for matrix: addresses"));
    EXPECT_FALSE(session_->up());
}

TEST_F(Program, IsAnsweredOnlyOnceTheMessageIsOnDisk) {
    hello();
    std::function<void()> commit;
    office_.later = [&](std::function<void()> say) { commit = std::move(say); };
    session_->line(
        R"({"accept":7,"from":"sms:+4917","to":["ana"],"text":"hi","origin_id":"x1","name":"Bob"})");
    EXPECT_THAT(said(), IsEmpty());
    ASSERT_EQ(office_.accepted.size(), 1u);
    const Message& message = office_.accepted[0];
    EXPECT_EQ(message.from, kBob);
    EXPECT_EQ(message.return_path, kBob) << "so that he is told of a failure";
    EXPECT_THAT(message.to, ElementsAre(mailto("ana", "hill.example")));
    EXPECT_EQ(message.network, "sms");
    EXPECT_EQ(message.transport, "exec.sms");
    EXPECT_EQ(message.origin_id, "x1");
    EXPECT_FALSE(message.verified_sender);
    commit();
    EXPECT_EQ(said(), "{\"accepted\":7,\"verdicts\":[{\"to\":\"ana\",\"kind\":\"accepted\"}]}\n");
}

TEST_F(Program, IsReadNoFurtherWhileMuchIsUnanswered) {
    hello();
    std::vector<std::function<void()>> commits;
    office_.later = [&](std::function<void()> say) { commits.push_back(std::move(say)); };
    for (std::size_t i = 0; i < kMostOpen; ++i) {
        EXPECT_TRUE(session_->may_read());
        session_->line(R"({"accept":1,"from":"sms:+4917","to":["ana"],"text":"hi"})");
    }
    EXPECT_FALSE(session_->may_read());
    commits.front()();
    EXPECT_TRUE(session_->may_read());
    EXPECT_GT(changed_, 0) << "whoever reads is told";
    commits.erase(commits.begin());
    for (const auto& commit : commits) commit();
}

TEST_F(Program, WhatItHandsOverWrongIsRefusedByItsId) {
    hello();
    for (const auto& [line, reason] : std::vector<std::pair<std::string, std::string>>{
             {R"({"accept":1,"from":"xmpp:bob@x.org","to":["ana"],"text":"x"})", "bad_input"},
             {R"({"accept":1,"from":"+4917","to":["ana"],"text":"x"})", "bad_input"},
             {R"({"accept":1,"from":"sms:","to":["ana"],"text":"x"})", "bad_input"},
             {R"({"accept":1,"from":"sms:a b","to":["ana"],"text":"x"})", "bad_input"},
             {R"({"accept":1,"from":"sms:+4917","to":["a@"],"text":"x"})", "bad_input"},
             {R"({"accept":1,"from":"sms:+4917","to":["ana"],"text":7})", "bad_input"},
             {R"({"accept":1,"from":"sms:+4917","text":"x"})", "unknown_recipient"},
             {R"({"accept":1,"from":"sms:+4918","text":"x"})", "not_allowed"}}) {
        session_->line(line);
        const std::string answer = said();
        EXPECT_THAT(answer, HasSubstr(R"({"accepted":1,"verdicts":[{)")) << line;
        EXPECT_THAT(answer, HasSubstr(R"("kind":"refused","reason":")" + reason + '"')) << line;
    }
    EXPECT_THAT(office_.accepted, IsEmpty());
}

// Else whoever can write that number would be ana.
TEST_F(Program, WordsOfSomebodyHereCountOnlyWhereTheNetworkVouches) {
    hello();
    session_->line(R"({"accept":1,"from":"sms:+4918","text":"*"})");
    EXPECT_THAT(said(), HasSubstr("does not vouch for it"));
    session_->line(R"({"accept":2,"from":"sms:+4918","text":"*","verified":true})");
    ASSERT_EQ(office_.accepted.size(), 1u);
    EXPECT_THAT(office_.accepted[0].to, IsEmpty()) << "said to the box, as from a radio";
    EXPECT_THAT(heard_, ElementsAre(kAnasPhone)) << "what comes for her goes there next";
}

TEST_F(Program, WhoNamesNobodyMeansTheOneHeWroteWithLast) {
    hello();
    session_->line(R"({"accept":1,"from":"sms:+4917","text":" @Ana: good morning"})");
    ASSERT_EQ(office_.accepted.size(), 1u);
    EXPECT_THAT(office_.accepted[0].to, ElementsAre(mailto("ana", "hill.example")));
    EXPECT_EQ(office_.accepted[0].text, "good morning");
    session_->line(R"({"accept":2,"from":"sms:+4917","text":"and again"})");
    ASSERT_EQ(office_.accepted.size(), 2u);
    EXPECT_THAT(office_.accepted[1].to, ElementsAre(mailto("ana", "hill.example")));

    people_.add("ben");
    Delivery from_ben = delivery(1);
    from_ben.author = "ben";
    session_->deliver(from_ben);
    session_->line(R"({"accept":3,"from":"sms:+4917","text":"thank you"})");
    EXPECT_THAT(office_.accepted[2].to, ElementsAre(mailto("ben", "hill.example")));

    office_.time().advance(std::chrono::hours(24 * 31));
    session_->line(R"({"accept":4,"from":"sms:+4917","text":"still there?"})");
    EXPECT_THAT(said(), HasSubstr("Begin with @NAME"));
    open();
    EXPECT_THAT(office_.kept(), IsEmpty()) << "old talks are forgotten at a start";
}

TEST_F(Program, GetsADeliveryOnceTheAttemptIsOnRecord) {
    hello();
    std::function<void(bool)> begin;
    office_.on_begin = [&](std::function<void(bool)> committed) { begin = std::move(committed); };
    session_->deliver(delivery(1));
    ASSERT_EQ(office_.begun.size(), 1u);
    EXPECT_THAT(said(), IsEmpty());
    session_->line(R"({"report":1,"outcome":"sent"})");
    EXPECT_THAT(office_.reports, IsEmpty()) << "it has no delivery yet";
    said();
    begin(true);
    const std::string line = said();
    EXPECT_THAT(line, HasSubstr(R"({"deliver":1,"wire_id":")" + office_.begun[0] + '"'));
    EXPECT_THAT(line, HasSubstr(R"("to":"sms:+4917","from":"ana@hill.example")"));
    EXPECT_EQ(line.find("resume"), std::string::npos);
    session_->line(R"({"report":1,"outcome":"sent","code":"ref 12"})");
    EXPECT_EQ(outcome_of(1).kind, Outcome::Kind::Sent);
    EXPECT_EQ(outcome_of(1).code, "ref 12");
    session_->line(R"({"report":1,"outcome":"failed"})");
    EXPECT_EQ(office_.reports.size(), 1u) << "one outcome of one attempt";
    EXPECT_THAT(said(), HasSubstr("no delivery 1 waits for a report"));
}

TEST_F(Program, DoesNotGetWhatWasCancelledMeanwhile) {
    hello();
    office_.on_begin = [](const std::function<void(bool)>& committed) { committed(false); };
    session_->deliver(delivery(1));
    EXPECT_THAT(said(), IsEmpty());
    EXPECT_THAT(office_.reports, IsEmpty());
    EXPECT_EQ(session_->counters().waiting, 0u);
}

TEST_F(Program, ThatDiesIsOfferedAgainWhatItHadUnderTheSameId) {
    hello();
    session_->deliver(delivery(1));
    const WireId wire = office_.begun[0];
    session_->ended();
    EXPECT_EQ(outcome_of(1).kind, Outcome::Kind::Unknown);
    EXPECT_FALSE(session_->up());
    said();
    session_->deliver(delivery(2));
    EXPECT_EQ(outcome_of(2).kind, Outcome::Kind::NotTried) << "there is no program";
    EXPECT_EQ(office_.begun.size(), 1u);

    session_->started();
    hello();
    Delivery again = delivery(1);
    again.attempt.number = 2;
    again.wire_id = wire;
    session_->deliver(again);
    const std::string line = said();
    EXPECT_THAT(line, HasSubstr("\"wire_id\":\"" + wire + '"'));
    EXPECT_THAT(line, HasSubstr("\"resume\":true"));
    EXPECT_EQ(session_->counters().repeats, 1u);
}

// The record comes when the program is gone, or another runs: it gets no line of the former.
TEST_F(Program, ThatDiedMeanwhileGetsNoLine) {
    hello();
    std::function<void(bool)> begin;
    office_.on_begin = [&](std::function<void(bool)> committed) { begin = std::move(committed); };
    session_->deliver(delivery(1));
    std::function<void()> commit;
    office_.later = [&](std::function<void()> say) { commit = std::move(say); };
    session_->line(R"({"accept":1,"from":"sms:+4917","to":["ana"],"text":"hi"})");
    session_->ended();
    session_->started();
    hello();
    begin(true);
    commit();
    EXPECT_THAT(said(), IsEmpty());
    EXPECT_EQ(outcome_of(1).kind, Outcome::Kind::NotTried);
    EXPECT_TRUE(session_->may_read());
}

TEST_F(Program, ThatDoesNotReportLosesTheDelivery) {
    hello();
    session_->deliver(delivery(1));
    ASSERT_TRUE(session_->next_look());
    now_ += std::chrono::minutes(10);
    EXPECT_EQ(*session_->next_look(), now_);
    EXPECT_FALSE(session_->look()) << "it goes on";
    EXPECT_EQ(outcome_of(1).kind, Outcome::Kind::Unknown);
    EXPECT_FALSE(session_->next_look());
}

TEST_F(Program, GetsNoTextThatIsTooLongForIt) {
    hello(R"(,"limits":{"message_bytes":160})");
    session_->deliver(delivery(1, std::string(160, 'x')));
    EXPECT_THAT(said(), HasSubstr("\"deliver\":1"));
    session_->deliver(delivery(2, std::string(161, 'x')));
    EXPECT_EQ(outcome_of(2).kind, Outcome::Kind::Failed);
    EXPECT_EQ(outcome_of(2).detail, "too long for sms: 161 bytes, at most 160 go");
    hello();
    session_->deliver(delivery(3, std::string(kMostTextBytes + 1, 'x')));
    EXPECT_EQ(outcome_of(3).kind, Outcome::Kind::Failed);
}

TEST_F(Program, SaysWhatIsKnownLaterAndIsToldThatItIsKept) {
    hello();
    session_->line(R"({"proof":"w1","kind":"delivered"})");
    ASSERT_EQ(office_.proofs.size(), 1u);
    EXPECT_EQ(office_.proofs[0].first, "w1");
    EXPECT_EQ(said(), "{\"proved\":\"w1\",\"kept\":true}\n");
    office_.store_fails = true;
    session_->line(R"({"proof":"w1","kind":"read"})");
    EXPECT_EQ(said(), "{\"proved\":\"w1\",\"kept\":false}\n");
}

TEST_F(Program, SaysWhetherItsNetworkIsThere) {
    hello();
    session_->line(R"({"status":{"up":false,"why":"no SIM card","metrics":{"signal_dbm":-90}}})");
    EXPECT_FALSE(session_->up());
    EXPECT_EQ(session_->condition().why, "no SIM card");
    session_->deliver(delivery(1));
    EXPECT_EQ(outcome_of(1).kind, Outcome::Kind::NotTried);
    session_->line(R"({"status":{"metrics":{"signal_dbm":-71}}})");
    EXPECT_TRUE(session_->up());
    EXPECT_EQ(session_->condition().metrics.at("signal_dbm"), -71);
}

TEST_F(Program, TellsWhomItHearsButOnlyOfPeopleHereAndNotTooOften) {
    hello();
    for (int i = 0; i < 100; ++i) session_->line(R"({"heard":"sms:+4918"})");
    session_->line(R"({"heard":"sms:+4917"})");
    EXPECT_THAT(heard_, ElementsAre(kAnasPhone));
    office_.time().advance(std::chrono::minutes(1));
    session_->line(R"({"heard":"sms:+4918"})");
    EXPECT_EQ(heard_.size(), 2u);
    session_->line(R"({"heard":"mailto:ana@hill.example"})");
    EXPECT_THAT(said(), HasSubstr("begin with sms:"));
}

TEST_F(Program, WithNothingButRubbishIsEndedAndHeardNoMore) {
    hello();
    for (int i = 0; i < 50; ++i) session_->line("rubbish");
    session_->line_too_long();
    EXPECT_THAT(out_.back(), HasSubstr("at most 65536 bytes"));
    session_->line(R"({"log":"one that is right"})");
    for (int i = 0; i + 1 < kMostBadLines; ++i) session_->line("rubbish");
    EXPECT_FALSE(session_->look());
    session_->line("rubbish");
    EXPECT_THAT(session_->look().value_or(""), HasSubstr("nothing that can be understood"));
    said();
    for (int i = 0; i < 1000; ++i) session_->line("rubbish");
    session_->line(R"({"accept":1,"from":"sms:+4917","to":["ana"],"text":"hi"})");
    EXPECT_THAT(said(), IsEmpty());
    EXPECT_THAT(office_.accepted, IsEmpty());
    session_->ended();
    session_->started();
    EXPECT_FALSE(session_->look());
}

TEST_F(Program, ThatIsStoppedLeavesWhatItHadForTheNextStart) {
    hello();
    session_->deliver(delivery(1));
    session_->stop();
    session_->ended();
    EXPECT_THAT(office_.reports, IsEmpty()) << "it is offered again under its wire id";
    session_->give_back();
    EXPECT_EQ(outcome_of(1).kind, Outcome::Kind::Unknown);
}

}  // namespace
}  // namespace waypost::exec
