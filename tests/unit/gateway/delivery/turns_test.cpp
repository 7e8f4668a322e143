// SPDX-License-Identifier: Apache-2.0
// Turns between people where airtime is short.
#include "gateway/delivery/turns.h"

#include <algorithm>

#include "gateway/delivery/desk_preferences.h"
#include "village.h"

namespace waypost {
namespace {

using std::chrono::hours;
using std::chrono::seconds;

const BoxTime kNow = box_from_ms(1'000'000);

std::vector<std::string> order(Turns& turns, const std::vector<std::string>& who,
                               BoxTime now = kNow) {
    std::vector<Waiting> waiting;
    for (const std::string& each : who) waiting.push_back({Priority::Normal, each});
    turns.sort(waiting, now);
    std::vector<std::string> sorted;
    for (const Waiting& each : waiting) sorted.push_back(each.turn);
    return sorted;
}

using Names = std::vector<std::string>;

TEST(Turns, WhoUsedLessGoesFirst) {
    Turns turns;
    turns.set_budget(seconds(90));
    EXPECT_EQ(order(turns, {"ana", "ben", "carl"}), (Names{"ana", "ben", "carl"}));
    turns.spend("ana", seconds(3), kNow);
    turns.spend("ben", seconds(1), kNow);
    EXPECT_EQ(order(turns, {"ana", "ben", "carl"}), (Names{"carl", "ben", "ana"}));
    turns.spend("ana", -seconds(3), kNow);
    EXPECT_EQ(order(turns, {"ana", "ben"}), (Names{"ana", "ben"})) << "it never left";
}

TEST(Turns, OfEquallyPoorTheOneWhoWaitedLongerGoesFirst) {
    Turns turns;
    turns.set_budget(seconds(90));
    turns.spend("ben", seconds(100), kNow);
    turns.spend("ana", seconds(100), kNow);
    EXPECT_EQ(order(turns, {"ana", "ben"}), (Names{"ben", "ana"}));
}

TEST(Turns, AnAccountFillsByItsShareOfTheHourAndIsForgotten) {
    Turns turns({0.10, 0.20, seconds(10)});
    turns.set_budget(seconds(90));
    turns.spend("ana", seconds(10), kNow);
    EXPECT_EQ(turns.left("ana", kNow + hours(1)), seconds(9));
    EXPECT_EQ(turns.left("ana", kNow + hours(2)), seconds(10));
    EXPECT_EQ(turns.accounts(), 1u);
    turns.spend("ben", seconds(1), kNow + hours(2));
    EXPECT_EQ(turns.accounts(), 1u) << "ana's is full again";
}

TEST(Turns, WhatIsUrgentGoesFirstWhileItsOwnerHasAirtime) {
    Turns turns;
    turns.set_budget(seconds(90));
    std::vector<Waiting> waiting{{Priority::Normal, "ana"}, {Priority::Urgent, "chad"}};
    turns.spend("chad", seconds(2), kNow);
    turns.sort(waiting, kNow);
    EXPECT_EQ(waiting[0].turn, "chad");
    turns.spend("chad", seconds(9), kNow);
    turns.sort(waiting, kNow);
    EXPECT_EQ(waiting[0].turn, "ana");
}

TEST(Turns, StrangersTogetherHaveOneShareAndThenComeLast) {
    Turns turns({0.10, 0.20, seconds(10)});
    turns.set_budget(seconds(90));
    const std::string kim = "meshtastic:!00000010";
    const std::string leo = "meshtastic:!00000011";
    turns.spend("ana", seconds(30), kNow);
    EXPECT_EQ(order(turns, {"ana", kim}), (Names{kim, "ana"}));
    for (int i = 0; i < 10; ++i) {
        turns.spend("meshtastic:!000000" + std::to_string(20 + i), seconds(1), kNow);
    }
    EXPECT_EQ(order(turns, {kim, leo, "ana"}), (Names{"ana", kim, leo}));
    EXPECT_EQ(order(turns, {kim, "ana"}, kNow + hours(1)), (Names{kim, "ana"}))
        << "18 s more for them by then";
}

// Chad writes 200 letters to 20 people who write one each. Nothing can go meanwhile; then all of it
// goes one after the other.
TEST_F(Village, OneChatterDoesNotHoldUpTwentyQuietPeople) {
    const auto radio = [](int i) {
        char text[16];
        std::snprintf(text, sizeof text, "!%08x", 0x100 + i);
        return std::string(text);
    };
    const auto handle = [](int i) { return "quiet" + std::string(1, static_cast<char>('a' + i)); };
    name("chad", radio(50));
    name("ana", radio(51));
    for (int i = 0; i < 20; ++i) name(handle(i), radio(i));
    radio_->up = false;
    for (int i = 0; i < 200; ++i) dm(radio(50), '@' + handle(i % 20) + " chat");
    for (int i = 0; i < 20; ++i) dm(radio(i), "@ana one line");
    ASSERT_TRUE(radio_->sent.empty());
    radio_->up = true;
    settle();
    ASSERT_EQ(radio_->sent.size(), 440u) << "each with its receipt";
    std::size_t last = 0;
    for (std::size_t i = 0; i < radio_->sent.size(); ++i) {
        if (radio_->sent[i].text.find("one line") != std::string::npos) last = i;
    }
    EXPECT_LE(last, 60u) << "20 receipts, 20 letters, and a burst of his";
    const auto use = airtime_use(*office_);
    ASSERT_FALSE(use.empty());
    EXPECT_EQ(use.front().who, "chad");
    EXPECT_LT(use.front().left, seconds(0));
}

TEST_F(Village, AnAlarmGoesBeforeAllTurnsAndCostsNobody) {
    name("ana", "!0000000a");
    name("carl", "!0000000c");
    radio_->up = false;
    for (int i = 0; i < 30; ++i) dm("!0000000a", "@carl line");
    dm("!0000000a", "SOS fire");
    radio_->up = true;
    settle();
    ASSERT_GT(radio_->sent.size(), 2u);
    const auto is_alarm = [](const Delivery& d) { return d.priority == Priority::Alarm; };
    EXPECT_TRUE(is_alarm(radio_->sent[0]) && is_alarm(radio_->sent[1]));
    EXPECT_EQ(std::count_if(radio_->sent.begin(), radio_->sent.end(), is_alarm), 2);
}

TEST_F(Village, WhatWasNotTriedCostsNothing) {
    name("ana", "!0000000a");
    radio_->turn_away = true;
    dm("!0000000a", "?");
    ASSERT_EQ(radio_->turned_away, 1);
    for (const AirtimeUse& use : airtime_use(*office_)) EXPECT_EQ(use.left, seconds(10));
}

TEST_F(Village, TheOutcomeSaysWhatItCost) {
    name("ana", "!0000000a");
    radio_->outcomes = {{Outcome::Kind::Delivered, ProofClass::Reported, "", "", {}, seconds(3)}};
    dm("!0000000a", "?");
    const auto use = airtime_use(*office_);
    ASSERT_EQ(use.size(), 1u);
    EXPECT_EQ(use[0].left, seconds(7));
}

}  // namespace
}  // namespace waypost
