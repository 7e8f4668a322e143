// SPDX-License-Identifier: Apache-2.0
// Who is believed, what waits for its recipient, and who is counted twice.
#include <algorithm>

#include "gateway/delivery/desk.h"
#include "village.h"

namespace waypost {
namespace {

TEST_F(Village, MailForSomebodyWithoutARadioComesWhenHeHasOne) {
    ASSERT_TRUE(ask([](Desk& d) { return d.put_person("ana", "Ana", "", ""); }).ok());
    mail("bob@example.org", "ana@hill.example", "held for consent", "<1@x>", true);
    dm(kBen, "ana@hill.example from a neighbour");
    EXPECT_TRUE(shown(kAna).empty());
    const auto bind = [](Desk& d) { return d.bind("Ana", std::string("meshtastic:") + kAna); };
    ASSERT_TRUE(ask(bind).ok()) << "the name as it was typed";
    const auto lines = all_shown(kAna);
    ASSERT_EQ(lines.size(), 1u);
    EXPECT_NE(lines[0].find("from a neighbour"), std::string::npos) << lines[0];
    EXPECT_EQ(dm(kAna, "@+1").at(1), "1 bob: held for consent");
}

TEST_F(Village, MoreThanAHundredHeldMailsAreAllLetGo) {
    name("ana", kAna);
    for (int i = 0; i < 130; ++i) {
        mail("news@x.org", "ana@hill.example", "n" + std::to_string(i), "<n" + std::to_string(i));
    }
    mail("bob@example.org", "ana@hill.example", "hello", "<b@x>");
    EXPECT_EQ(dm(kAna, "@+131").at(1), "131 bob: hello");
}

TEST_F(Village, AForgedFromOfAVillagerIsNotTheVillager) {
    name("ana", kAna);
    name("carl", kBen);
    Message forged = letter("carl@hill.example", "ana@hill.example", "send money");
    forged.trusted = true;  // by LMTP from a server in front: it may relay
    hand(forged);
    EXPECT_EQ(
        shown(kAna),
        (std::vector<std::string>{"Mail held from carl@hill.example. @+1 takes it, @-1 blocks"}));
    forged.origin_id = "<s@mail>";
    forged.submitted = true;  // by his own mail program
    hand(forged);
    EXPECT_EQ(shown(kAna), (std::vector<std::string>{"2 carl: send money"}));
}

TEST_F(Village, WhoIsNamedTwiceGetsOneCopy) {
    name("ana", kAna);
    EXPECT_EQ(dm1(kAna, "bob@x.org,bob@x.org,eve@x.org hi"), "1 kept");
    EXPECT_EQ(relay_->sent.size(), 2u);
    dm(kAna, "@bob=bob@x.org");
    EXPECT_EQ(dm1(kAna, "@bob,bob@x.org hi"), "2 kept");
    EXPECT_EQ(relay_->sent.size(), 3u);
}

TEST_F(Village, ALineOverTheLimitGoesToNobody) {
    EXPECT_EQ(dm1(kBen, "a@x.org,b@x.org hi").substr(0, 6), "1 kept");
    EXPECT_EQ(dm1(kBen, "c@x.org,d@x.org hi").substr(0, 8), "NOT kept");
    EXPECT_EQ(relay_->sent.size(), 2u) << "what is said to be not kept has not left";
    EXPECT_EQ(dm1(kBen, "c@x.org hi"), "2 kept");
}

TEST_F(Village, WhoTakesANameIsToldOfWhatFailedBefore) {
    relay_->up = false;
    dm(kBen, "bob@example.org hi");
    dm(kBen, "name ben");
    dm(kBen, "1");
    relay_->outcomes.push_back(
        {Outcome::Kind::Failed, ProofClass::Reported, "550 5.1.1", "no such address", {}, {}});
    relay_->up = true;
    office_->wake("email.relay");
    settle();
    EXPECT_EQ(shown(kBen).back(), "1 FAIL no such address");
}

TEST_F(Village, AnAnswerToTheOldAddressOfWhoTookANameIsAdmitted) {
    dm(kBen, "bob@example.org hi");
    const Address reply_to = relay_->sent.at(0).reply_to;
    dm(kBen, "name ben");
    dm(kBen, "1");
    mail("robert@home.example", reply_to.value, "got it", "<r@h>");
    EXPECT_EQ(last(kBen), "2 robert: got it");
}

TEST_F(Village, WhatWaitsForSomebodyWhoLeftIsNotGivenToTheNextOfHisName) {
    ASSERT_TRUE(ask([](Desk& d) { return d.put_person("ana", "Ana", "", ""); }).ok());
    dm(kBen, "ana@hill.example only for you");
    ASSERT_TRUE(ask([](Desk& d) { return d.remove_person("ana"); }).ok());
    EXPECT_EQ(dm1(kAna, "name ana").substr(0, 13), "ana is taken.") << "answers to her may come";
    pass(std::chrono::hours(24 * 61));
    dm(kAna, "name ana");
    EXPECT_EQ(dm1(kAna, "1"), "You are ana@hill.example now");
    for (const std::string& line : all_shown(kAna)) {
        EXPECT_EQ(line.find("only for you"), std::string::npos) << line;
    }
}

TEST_F(Village, AHeldHeadLetsItsLaneGoOn) {
    name("ana", kAna);
    name("carl", kBen);
    radio_->up = false;
    for (const char* text : {"@carl one", "@carl two", "@carl three"}) {
        office_->accept(spoken(kAna, text), [](const auto&) {});
    }
    settle();
    Desk desk(*office_);
    const auto queue = desk.queue({}, 0, 50);
    ASSERT_TRUE(queue.ok());
    const auto head = std::find_if(queue->begin(), queue->end(), [](const auto& row) {
        return row.lane != 0 && row.recipient.scheme == "person";
    });
    ASSERT_NE(head, queue->end());
    ASSERT_TRUE(ask([&](Desk& d) { return d.act(QueueAct::Hold, head->id); }).ok());
    radio_->up = true;
    office_->wake("meshtastic.roof");
    settle();
    EXPECT_EQ(shown(kBen), (std::vector<std::string>{"2 ana: two", "3 ana: three"}));
    ASSERT_TRUE(ask([&](Desk& d) { return d.act(QueueAct::Release, head->id); }).ok());
    EXPECT_EQ(last(kBen), "1 ana: one");
}

TEST_F(Village, WhatHasToBeScreenedWaitsForTheOperatorsWord) {
    name("ana", kAna);
    relay_->screens = true;
    Outcome to_screen;
    to_screen.kind = Outcome::Kind::NotTried;
    to_screen.code = kToScreen;
    to_screen.detail = "by the operator: somebody has to look";
    relay_->outcomes = {to_screen};
    EXPECT_EQ(dm1(kAna, "bob@x.org hello"), "1 kept");
    ASSERT_EQ(relay_->sent.size(), 1u);
    EXPECT_EQ(relay_->sent[0].author, "ana");
    EXPECT_FALSE(relay_->sent[0].passed);
    const auto held = Desk(*office_).queue({.state = State::Held}, 0, 50);
    ASSERT_TRUE(held.ok());
    ASSERT_EQ(held->size(), 1u);
    EXPECT_EQ(held->at(0).detail, to_screen.detail);
    pass(std::chrono::hours(20));
    EXPECT_EQ(relay_->sent.size(), 1u) << "nothing but his word lets it go";
    Outcome busy;
    busy.kind = Outcome::Kind::NotTried;
    busy.code = "busy";
    relay_->outcomes = {busy};
    ASSERT_TRUE(ask([&](Desk& d) { return d.act(QueueAct::Release, held->at(0).id); }).ok());
    pass(std::chrono::minutes(5));
    ASSERT_EQ(relay_->sent.size(), 3u);
    EXPECT_TRUE(relay_->sent[1].passed);
    EXPECT_TRUE(relay_->sent[2].passed) << "his word holds for the next attempt too";
    EXPECT_EQ(relay_->wire_ids[2], relay_->wire_ids[0]);
    mail("eva@x.org", "ana@hill.example", "from outside", "<o@x>");
    EXPECT_EQ(radio_->sent.back().author, "");
}

TEST_F(Village, ALaneGoesOnWhenItsHeadIsTriedAgainByHand) {
    name("ana", kAna);
    name("carl", kBen);
    radio_->up = false;
    dm(kAna, "@carl one");
    dm(kAna, "@carl two");
    const auto queue = Desk(*office_).queue({}, 0, 50);
    ASSERT_TRUE(queue.ok());
    for (const auto& row : *queue) {
        if (row.recipient.scheme != "person") continue;
        const auto retry = [&](Desk& d) { return d.act(QueueAct::Retry, row.id); };
        EXPECT_TRUE(ask(retry).ok());
    }
    radio_->up = true;
    office_->wake("meshtastic.roof");
    settle();
    EXPECT_EQ(all_shown(kBen), (std::vector<std::string>{"1 ana: one", "2 ana: two"}));
}

TEST_F(Village, WhoHasPausedGetsNothingThroughANewRadio) {
    name("ana", kAna);
    name("carl", kBen);
    dm(kBen, "stop");
    dm(kBen, "1");
    dm(kAna, "@carl are you there");
    const auto bind = [](Desk& d) { return d.bind("carl", "meshtastic:!0000000d"); };
    ASSERT_TRUE(ask(bind).ok());
    for (const char* radio : {kBen, kDora}) {
        for (const std::string& line : all_shown(radio)) {
            EXPECT_EQ(line.find("are you there"), std::string::npos) << line;
        }
    }
}

TEST_F(Village, ABlockedSenderWhoNamesOnePersonTwiceIsRefusedTwice) {
    name("ana", kAna);
    mail("mal@x.org", "ana@hill.example", "buy", "<1@x>");
    dm(kAna, "@-1");
    Message m;
    m.from = mailto("mal", "x.org");
    m.to = {mailto("ana", "hill.example"), mailto("ana", "hill.example")};
    m.network = "email";
    m.origin_id = "<2@x>";
    std::vector<Verdict> verdicts;
    office_->accept(m, [&](const auto& all) { verdicts = all; });
    settle();
    ASSERT_EQ(verdicts.size(), 2u);
    EXPECT_FALSE(verdicts[0].kept());
    EXPECT_FALSE(verdicts[1].kept()) << "kept by nobody";
}

TEST_F(Village, OneRecipientWithoutAWayHoldsUpNoOther) {
    relay_->unreachable = "eve@out.test";
    for (const char* to : {"eve@out.test", "bob@example.org"}) {
        Message m;
        m.from = mailto("joe", "else.example");
        m.to = {*parse_address(to)};
        m.network = "email";
        m.origin_id = to;
        m.text = "hi";
        m.trusted = true;
        office_->accept(m, [](const auto&) {});
    }
    settle();
    ASSERT_EQ(relay_->sent.size(), 1u);
    EXPECT_EQ(relay_->sent[0].to.value, "bob@example.org");
}

}  // namespace
}  // namespace waypost
