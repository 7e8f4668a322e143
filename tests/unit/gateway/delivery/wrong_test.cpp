// SPDX-License-Identifier: Apache-2.0
// What may go wrong around the gateway: relays, clocks, disks, keys, the box itself.
#include <gmock/gmock.h>

#include <set>

#include "gateway/delivery/desk.h"
#include "village.h"

namespace waypost {
namespace {

using ::testing::MatchesRegex;

Outcome outcome(Outcome::Kind kind) { return {kind, ProofClass::Reported, "x", "why", {}, {}}; }

TEST_F(Village, ARelayThatSaysLaterForADayCostsFewTriesAndNoWordsOnTheRadio) {
    name("ana", kAna);
    for (int i = 0; i < 1000; ++i) relay_->outcomes.push_back(outcome(Outcome::Kind::Retry));
    dm(kAna, "bob@example.org hi");
    for (int minute = 0; minute < 24 * 60; ++minute) pass(std::chrono::minutes(1));
    EXPECT_GE(relay_->sent.size(), 24u) << "once an hour in the end";
    EXPECT_LE(relay_->sent.size(), 40u);
    EXPECT_TRUE(shown(kAna).empty()) << "she is told when it fails, not that it waits";
    EXPECT_EQ(dm1(kAna, "?1").substr(0, 12), "1 bob: waits");
    relay_->outcomes.clear();
    for (int minute = 0; minute < 80; ++minute) pass(std::chrono::minutes(1));
    EXPECT_EQ(state_of(relay_->sent[0].message), State::Sent);
    EXPECT_EQ(std::set(relay_->wire_ids.begin(), relay_->wire_ids.end()).size(), 1u);
}

TEST_F(Village, AnOutageIsToldOnceToEachRadioThatComesBack) {
    name("ana", kAna);
    dm(kAna, "?");
    dm(kBen, "?");
    pass(std::chrono::seconds(20));
    close();
    clock_.advance(std::chrono::hours(5));
    open();
    shown(kAna);
    for (int i = 0; i < 3; ++i) hear(kAna);
    const auto lines = shown(kAna);
    ASSERT_EQ(lines.size(), 1u);
    EXPECT_THAT(lines[0], MatchesRegex("Post shut ..:..-..:..; repeat what has no kept"));
    pass(std::chrono::minutes(1));
    close();  // a short restart, before Ben's radio came by
    open();
    hear(kAna);
    EXPECT_TRUE(shown(kAna).empty()) << "once";
    hear(kBen);
    EXPECT_THAT(last(kBen), MatchesRegex("Post shut .*"));
}

TEST_F(Village, AnOutageOfADayIsToldWithItsDays) {
    dm(kAna, "?");
    pass(std::chrono::seconds(20));
    close();
    clock_.advance(std::chrono::hours(26));
    open();
    shown(kAna);
    hear(kAna);
    EXPECT_THAT(shown(kAna).at(0),
                MatchesRegex("Post shut ..\\...\\. ..:..-..\\...\\. ..:..; repeat .*"));
}

TEST_F(Village, AFullDiskRefusesForNowAndKeepsWhatItHas) {
    name("ana", kAna);
    relay_->up = false;
    dm(kAna, "bob@example.org hi");
    close();
    settings_.keep_free_bytes = std::uint64_t{1} << 62;
    open();
    const Verdict verdict = mail("bob@example.org", "ana@hill.example", "x", "<1@x>");
    EXPECT_EQ(verdict.kind, Verdict::Kind::Later);
    EXPECT_EQ(verdict.reason, Verdict::Reason::StorageFull);
    EXPECT_EQ(office_->check({}, *parse_address("ana@hill.example"), 10).kind,
              Verdict::Kind::Later);
    EXPECT_EQ(dm1(kAna, "bob@example.org more"), "Box full, NOT kept. Try later");
    EXPECT_EQ(dm1(kAna, "?1").substr(0, 6), "1 bob:") << "what costs no room still works";
    relay_->up = true;
    settle();
    EXPECT_EQ(relay_->sent.size(), 1u) << "what is in custody still goes out";
    name("carl", kCarl);
    EXPECT_EQ(dm1(kAna, "SOS fire"), "ALARM 2: 1 person of hill told. NOT police");
}

TEST_F(Village, AResponderWhomNothingReachesIsNotCountedAsTold) {
    name("ana", kAna);
    change([](store::Tables& t) { t.people.put_person({"carl", "", "en", "", true, false, 0}); });
    EXPECT_EQ(dm1(kAna, "SOS TEST"), "DRILL. It works. A real SOS is told to 0 of hill");
    EXPECT_THAT(dm1(kAna, "SOS fire"), MatchesRegex("NOBODY told: .*"));
    Desk desk(*office_);
    EXPECT_EQ(desk.status().responders.unreachable, (std::vector<std::string>{"carl"}));
    EXPECT_TRUE(desk.status().responders.reachable.empty());
    name("carl", kCarl);
    EXPECT_EQ(dm1(kAna, "SOS fire"), "ALARM 1: 1 person of hill told. NOT police");
    EXPECT_TRUE(desk.status().responders.unreachable.empty());
}

TEST_F(Village, AResponderNamedTwiceIsOnePerson) {
    close();
    settings_.responders = {"carl", "carl", "zoe"};
    open();
    name("ana", kAna);
    name("carl", kCarl);
    EXPECT_EQ(dm1(kAna, "SOS fire"), "ALARM 1: 1 person of hill told. NOT police");
    EXPECT_EQ(all_shown(kCarl), (std::vector<std::string>{"ALARM 1 ana: fire"}));
    EXPECT_EQ(Desk(*office_).status().responders.unreachable, (std::vector<std::string>{"zoe"}));
}

// A board without a battery clock wakes up in 1970, takes mail, and is put right by the network.
TEST_F(Village, WhatCameInUnderAWrongClockKeepsTheTimeItHasLeft) {
    constexpr std::chrono::hours kYears{24 * 365 * 56};
    name("ana", kAna);
    relay_->up = false;
    pass(std::chrono::minutes(1));
    dm(kAna, "bob@example.org before");
    clock_.jump_wall(-kYears);
    pass(std::chrono::minutes(1));
    dm(kAna, "bob@example.org meanwhile");
    close();  // a restart in the wrong year too
    open();
    pass(std::chrono::minutes(1));
    clock_.synchronise(true);
    clock_.jump_wall(kYears);
    pass(std::chrono::minutes(1));
    EXPECT_TRUE(office_->time_doubt().empty());
    shown(kAna);
    for (int day = 0; day < 29; ++day) pass(std::chrono::hours(24));
    EXPECT_TRUE(shown(kAna).empty()) << "nothing expires early";
    for (int day = 0; day < 3; ++day) pass(std::chrono::hours(24));
    EXPECT_EQ(shown(kAna), (std::vector<std::string>{"1 FAIL not delivered before it expired",
                                                     "2 FAIL not delivered before it expired"}))
        << "nor never";
}

TEST_F(Village, TheTextOfWhatEndedUnderAWrongClockIsNotForgottenEarly) {
    name("ana", kAna);
    pass(std::chrono::minutes(1));
    clock_.jump_wall(-std::chrono::hours(24 * 365 * 56));
    pass(std::chrono::minutes(1));
    dm(kAna, "bob@example.org hi");
    clock_.synchronise(true);
    clock_.jump_wall(std::chrono::hours(24 * 365 * 56));
    for (int hour = 0; hour < 30; ++hour) pass(std::chrono::hours(1));
    const auto text = [&] {
        auto row = store_->read(
            [&](store::Tables& t) { return t.messages.find(relay_->sent[0].message); });
        return row.value()->message.text;
    };
    EXPECT_EQ(text(), "hi");
    for (int day = 0; day < 40; ++day) pass(std::chrono::hours(24));
    EXPECT_EQ(text(), "");
}

TEST_F(Village, AfterTheRetentionNobodysNameIsLeft) {
    name("ana", kAna);
    for (int i = 0; i < 450; ++i) {
        Message m;
        m.from = mailto("joe", "else.example");
        m.to = {mailto("bob", "example.org")};
        m.network = "email";
        m.origin_id = std::to_string(i);
        m.text = "hi";
        m.trusted = true;
        office_->accept(m, [](const auto&) {});
    }
    dm(kAna, "bob@example.org hi");
    const MessageId last = relay_->sent.back().message;
    for (int hour = 0; hour < 24 * 30 + 2; ++hour) pass(std::chrono::hours(1));
    const auto trace = Desk(*office_).trace(last);
    ASSERT_TRUE(trace.ok());
    EXPECT_EQ(trace->message.message.text, "") << "all are retired, not only a first batch";
    EXPECT_TRUE(trace->message.message.from.empty());
    ASSERT_EQ(trace->deliveries.size(), 1u);
    EXPECT_TRUE(trace->deliveries[0].recipient.empty());
    EXPECT_EQ(trace->deliveries[0].state, State::Sent) << "that it was, and what became of it";
    EXPECT_EQ(dm1(kAna, "?1"), "No item 1. * lists yours");
}

TEST_F(Village, ADayWithoutALinkIsOneLineInTheTrace) {
    name("ana", kAna);
    relay_->turn_away = true;
    EXPECT_EQ(dm1(kAna, "bob@example.org hi"), "1 kept");
    for (int minute = 0; minute < 24 * 60; ++minute) pass(std::chrono::minutes(1));
    EXPECT_GE(relay_->turned_away, 90) << "it is asked all the same";
    relay_->turn_away = false;
    for (int minute = 0; minute < 16; ++minute) pass(std::chrono::minutes(1));
    ASSERT_EQ(relay_->sent.size(), 1u);
    EXPECT_EQ(events_of(relay_->sent[0].message),
              (std::vector<std::string>{"accepted", "deferred", "begun", "sent"}));
}

// What an operator decides, while settle() on this thread commits it.
class ChangedKey : public Village {
  protected:
    ChangedKey() {
        name("ana", kAna);
        name("ben", kBen);
        ben_is_heard('a', Heard::Key::Said);
        ben_is_heard('b', Heard::Key::Said);
    }
    void ben_is_heard(char key, Heard::Key how) {
        Heard heard;
        heard.public_key = std::string(64, key);
        heard.key = how;
        hear(kBen, heard);
    }
    std::size_t doubts() { return desk_.status().changed_keys.size(); }
    Desk desk_{*office_};
};

TEST_F(ChangedKey, TheHolderOfThePinnedKeyEndsTheDoubtByALetterUnderIt) {
    dm(kAna, "@ben the code is 1234");
    ben_is_heard('a', Heard::Key::Remembered);
    ben_is_heard('a', Heard::Key::Said);
    EXPECT_EQ(doubts(), 1u) << "anybody may have said that";
    ben_is_heard('b', Heard::Key::Proven);
    EXPECT_EQ(doubts(), 1u);
    ben_is_heard('a', Heard::Key::Proven);
    EXPECT_EQ(doubts(), 0u);
    EXPECT_EQ(all_shown(kBen), (std::vector<std::string>{"1 ana: the code is 1234"}));
}

TEST_F(ChangedKey, TheOperatorRejectsAForgedOneByAddressOrHandle) {
    dm(kAna, "@ben the code is 1234");
    EXPECT_TRUE(ask([](Desk& d) { return d.reject_key("ben"); }).ok());
    EXPECT_EQ(doubts(), 0u);
    EXPECT_EQ(all_shown(kBen), (std::vector<std::string>{"1 ana: the code is 1234"}));
    ben_is_heard('b', Heard::Key::Remembered);
    EXPECT_EQ(doubts(), 0u) << "what the device still remembers is no news";
    ben_is_heard('b', Heard::Key::Said);
    EXPECT_EQ(doubts(), 1u);
    EXPECT_TRUE(ask([](Desk& d) { return d.reject_key("meshtastic:!0000000b"); }).ok());
    EXPECT_EQ(doubts(), 0u);
    EXPECT_FALSE(ask([](Desk& d) { return d.reject_key("ben"); }).ok());
    EXPECT_FALSE(ask([](Desk& d) { return d.reject_key(""); }).ok());
}

TEST_F(ChangedKey, ItsLinesAreAStrangersButForAnAlarmAndWhatThePinnedKeyProves) {
    const std::string pinned(64, 'a');
    const std::string forged(64, 'b');
    name("carl", kCarl);
    dm(kBen, "@ana from ben", pinned);
    EXPECT_EQ(relay_->sent.size(), 0u);
    dm(kBen, "bob@example.org hello");
    dm(kBen, "bob@example.org hello again", forged);
    ASSERT_EQ(relay_->sent.size(), 2u);
    EXPECT_EQ(relay_->sent[0].from.value, "0000000b@hill.example");
    EXPECT_EQ(relay_->sent[1].from.value, "0000000b@hill.example");
    EXPECT_THAT(dm1(kBen, "name ben"), MatchesRegex("This radio's key changed: .*"));
    EXPECT_THAT(dm1(kBen, "name zoe"), MatchesRegex("This radio's key changed: .*"));
    dm(kBen, "forget me", forged);
    dm(kBen, "1", forged);
    EXPECT_NE(box_->directory.get()->find("ben"), nullptr);
    dm(kBen, "SOS on the ridge", forged);
    EXPECT_EQ(all_shown(kCarl), (std::vector<std::string>{"ALARM 1 ben? !0000000b: on the ridge"}));

    EXPECT_EQ(dm(kBen, "bob@example.org it is me", pinned).size(), 0u)
        << "the answer waits for the radio to be heard under its key";
    ASSERT_EQ(relay_->sent.size(), 3u);
    EXPECT_EQ(relay_->sent[2].from.value, "ben@hill.example");
    ben_is_heard('a', Heard::Key::Proven);
    EXPECT_THAT(all_shown(kBen).back(), MatchesRegex("1 2 kept"));
}

// The packet that brings the first line brings the new key too: it must not pass before it counts.
TEST_F(Village, ALineInTheSameGroupAsItsNewKeyIsInDoubtAlready) {
    name("ben", kBen);
    Heard heard;
    heard.public_key = std::string(64, 'a');
    hear(kBen, heard);
    heard.public_key = std::string(64, 'b');
    office_->heard("meshtastic.roof", {"meshtastic", kBen}, heard);
    dm(kBen, "bob@example.org hello");
    ASSERT_EQ(relay_->sent.size(), 1u);
    EXPECT_EQ(relay_->sent[0].from.value, "0000000b@hill.example");
}

TEST_F(ChangedKey, HoldsWhatGoesToThatRadioUntilTheOperatorConfirms) {
    EXPECT_EQ(doubts(), 1u);
    dm(kAna, "@ben the code is 1234");
    dm(kAna, "bob@example.org hi");
    EXPECT_TRUE(all_shown(kBen).empty()) << "whoever holds the new key may not be Ben";
    EXPECT_EQ(relay_->sent.size(), 1u) << "nobody else waits";
    EXPECT_TRUE(ask([](Desk& d) { return d.confirm_key("meshtastic:!0000000b"); }).ok());
    EXPECT_EQ(doubts(), 0u);
    EXPECT_EQ(all_shown(kBen), (std::vector<std::string>{"1 ana: the code is 1234"}));
    ben_is_heard('b', Heard::Key::Said);
    EXPECT_EQ(doubts(), 0u);
}

}  // namespace
}  // namespace waypost
