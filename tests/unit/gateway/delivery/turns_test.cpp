// SPDX-License-Identifier: Apache-2.0
// Turns between people where airtime is short.
#include "gateway/delivery/turns.h"

#include <algorithm>

#include "gateway/delivery/desk_preferences.h"
#include "village.h"

namespace waypost {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

const BoxTime kNow = box_from_ms(1'000'000);

// All have waited since `since`.
std::vector<std::string> order(Turns& turns, const std::vector<std::string>& who,
                               BoxTime now = kNow, BoxTime since = kNow - minutes(1)) {
    std::vector<Waiting> waiting;
    for (const std::string& each : who) waiting.push_back({Priority::Normal, each, since});
    turns.sort(waiting, now);
    std::vector<std::string> sorted;
    for (const Waiting& each : waiting) sorted.push_back(each.turn);
    return sorted;
}

using Names = std::vector<std::string>;

TEST(Turns, WhoHasWaitedLongestGoesFirst) {
    Turns turns;
    turns.set_budget(seconds(90));
    std::vector<Waiting> waiting{{Priority::Normal, "ana", kNow - minutes(1)},
                                 {Priority::Normal, "ben", kNow - minutes(3)},
                                 {Priority::Normal, "carl", kNow - minutes(2)}};
    turns.sort(waiting, kNow);
    EXPECT_EQ(waiting[0].turn, "ben");
    EXPECT_EQ(waiting[1].turn, "carl");
    EXPECT_EQ(waiting[2].turn, "ana");
}

TEST(Turns, WhoHadHisTurnGoesToTheEndOfTheLine) {
    Turns turns;
    turns.set_budget(seconds(90));
    turns.take("ana", seconds(1), kNow - seconds(20));
    turns.take("ben", seconds(1), kNow - seconds(10));
    EXPECT_EQ(order(turns, {"ana", "ben", "carl"}), (Names{"carl", "ana", "ben"}));
    EXPECT_EQ(order(turns, {"ana", "ben", "carl"}, kNow, kNow - seconds(5)),
              (Names{"carl", "ana", "ben"}))
        << "what came after all their turns: who had none lately, then who had his longer ago";
}

TEST(Turns, NothingLeftInItAndHisPlaceIsHisAgain) {
    Turns turns;
    turns.set_budget(seconds(90));
    turns.take("ana", seconds(1), kNow);
    EXPECT_EQ(order(turns, {"ana", "ben"}), (Names{"ben", "ana"}));
    turns.give_back("ana", seconds(1), kNow);
    EXPECT_EQ(turns.left("ana", kNow), seconds(10));
    std::vector<Waiting> waiting{{Priority::Normal, "ben", kNow - minutes(1)},
                                 {Priority::Normal, "ana", kNow - minutes(2)}};
    turns.sort(waiting, kNow);
    EXPECT_EQ(waiting[0].turn, "ana");
}

TEST(Turns, TheWaitOfWhoHasOverdrawnCountsAThird) {
    Turns turns;
    turns.set_budget(seconds(90));
    turns.take("chad", seconds(15), kNow - minutes(60));
    turns.spend("chad", seconds(15), kNow);
    const auto first = [&](milliseconds anas) {
        std::vector<Waiting> waiting{{Priority::Normal, "chad", kNow - minutes(9)},
                                     {Priority::Normal, "ana", kNow - anas}};
        turns.sort(waiting, kNow);
        return waiting[0].turn;
    };
    EXPECT_EQ(first(minutes(4)), "ana");
    EXPECT_EQ(first(minutes(2)), "chad") << "never without end";
}

TEST(Turns, AnAccountFillsByItsShareOfTheHourAndIsForgotten) {
    Turns turns({0.10, 0.20, seconds(10)});
    turns.set_budget(seconds(90));
    turns.take("ana", seconds(10), kNow);
    EXPECT_EQ(turns.left("ana", kNow + hours(1)), seconds(9));
    EXPECT_EQ(turns.left("ana", kNow + hours(2)), seconds(10));
    EXPECT_EQ(turns.accounts(), 1u);
    turns.take("ben", seconds(1), kNow + hours(2));
    EXPECT_EQ(turns.accounts(), 1u) << "ana's is full again";
}

TEST(Turns, AFullAccountKeepsItsPlaceForAnHour) {
    Turns turns;
    turns.set_budget(seconds(90));
    turns.take("ana", milliseconds(1), kNow);
    turns.take("ben", milliseconds(1), kNow + minutes(20));
    EXPECT_EQ(turns.accounts(), 2u);
    turns.take("ben", milliseconds(1), kNow + minutes(61));
    EXPECT_EQ(turns.accounts(), 1u);
}

TEST(Turns, WhatIsUrgentGoesFirstWhileItsOwnerHasAirtime) {
    Turns turns;
    turns.set_budget(seconds(90));
    const BoxTime since = kNow - minutes(1);
    std::vector<Waiting> waiting{{Priority::Normal, "ana", since},
                                 {Priority::Urgent, "chad", since}};
    turns.take("chad", seconds(2), kNow);
    turns.sort(waiting, kNow);
    EXPECT_EQ(waiting[0].turn, "chad");
    turns.spend("chad", seconds(9), kNow);
    turns.sort(waiting, kNow);
    EXPECT_EQ(waiting[0].turn, "ana");
}

TEST(Turns, BulkGoesAfterTheLine) {
    Turns turns;
    turns.set_budget(seconds(90));
    turns.take("chad", seconds(30), kNow);
    std::vector<Waiting> waiting{{Priority::Bulk, "ana", kNow - hours(5)},
                                 {Priority::Normal, "chad", kNow - minutes(1)}};
    turns.sort(waiting, kNow);
    EXPECT_EQ(waiting[0].turn, "chad");
}

TEST(Turns, StrangersTogetherHaveOneShareAndThenComeLast) {
    Turns turns({0.10, 0.20, seconds(10)});
    turns.set_budget(seconds(90));
    const std::string kim = "meshtastic:!00000010";
    const std::string leo = "meshtastic:!00000011";
    turns.take("ana", seconds(30), kNow);
    EXPECT_EQ(order(turns, {"ana", kim}), (Names{kim, "ana"}));
    for (int i = 0; i < 10; ++i) {
        turns.take("meshtastic:!000000" + std::to_string(20 + i), seconds(1), kNow);
    }
    EXPECT_EQ(order(turns, {kim, leo, "ana"}), (Names{"ana", kim, leo}));
    const BoxTime later = kNow + hours(1);
    EXPECT_EQ(order(turns, {kim, "ana"}, later, later - minutes(1)), (Names{kim, "ana"}))
        << "18 s more for them by then, and ana has overdrawn";
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
    std::size_t last = 0;
    std::size_t letters = 0;
    std::size_t receipts = 0;  // of his
    for (std::size_t i = 0; i < radio_->sent.size(); ++i) {
        const Delivery& each = radio_->sent[i];
        if (each.text.find("one line") != std::string::npos) last = i;
        letters += each.to.value != radio(50) && each.text.find("chat") != std::string::npos;
        receipts += each.to.value == radio(50);
    }
    EXPECT_EQ(letters, 200u);
    EXPECT_LE(last, 60u) << "20 receipts, 20 letters, and a burst of his";
    EXPECT_LE(receipts, 10u) << "joined while they waited";
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
    const auto uses = airtime_use(*office_);
    ASSERT_FALSE(uses.empty());
    for (const AirtimeUse& use : uses) EXPECT_EQ(use.left, seconds(10));
}

// The device says that its hour is used up: what waits stays in the store, in its order, until it
// has airtime again; alarms go.
TEST_F(Village, WhereTheHourIsUsedUpNothingButAlarmsIsHandedOn) {
    name("ana", "!0000000a");
    name("ben", "!0000000b");
    name("carl", "!0000000c");
    Outcome no;
    no.kind = Outcome::Kind::NotTried;
    no.code = kNoAirtime;
    no.retry_after = minutes(3);
    radio_->outcomes = {no};
    dm("!0000000a", "?");
    ASSERT_EQ(radio_->sent.size(), 1u);
    EXPECT_TRUE(office_->pause_ends().has_value());
    dm("!0000000b", "?");
    EXPECT_EQ(radio_->sent.size(), 1u);
    dm("!0000000b", "SOS fire");
    const std::size_t alarms = radio_->sent.size();
    EXPECT_GT(alarms, 1u);
    for (std::size_t i = 1; i < alarms; ++i)
        EXPECT_EQ(radio_->sent[i].priority, Priority::Alarm) << radio_->sent[i].text;
    clock_.advance(minutes(2));
    settle();
    const auto answers_to = [&](const std::string& radio) {
        return std::count_if(radio_->sent.begin() + 1, radio_->sent.end(), [&](const Delivery& d) {
            return d.to.value == radio && d.priority != Priority::Alarm;
        });
    };
    EXPECT_EQ(answers_to("!0000000b"), 0);
    clock_.advance(minutes(2));
    settle();
    EXPECT_FALSE(office_->pause_ends().has_value());
    EXPECT_EQ(answers_to("!0000000a"), 1);
    EXPECT_GE(answers_to("!0000000b"), 1);
}

TEST_F(Village, TheOutcomeSaysWhatItCost) {
    name("ana", "!0000000a");
    radio_->outcomes = {{Outcome::Kind::Delivered, ProofClass::Reported, "", "", {}, seconds(3)}};
    dm("!0000000a", "?");
    const auto use = airtime_use(*office_);
    ASSERT_EQ(use.size(), 1u);
    EXPECT_EQ(use[0].left, seconds(7));
}

// Ben has written to Carl first, then Ana three times, while no radio is up.
class BumpTest : public Village {
  protected:
    BumpTest() {
        name("ana", kAna);
        name("ben", kBen);
        name("carl", kCarl);
        radio_->up = false;
        dm(kBen, "@carl before");
        for (const char* text : {"@carl one", "@carl two", "@carl three"}) dm(kAna, text);
        dm(kBen, "@carl behind");
    }
    std::vector<store::DeliveryRow> to_carl() {
        auto rows = Desk(*office_).queue({}, 0, 50);
        std::erase_if(*rows, [](const auto& row) { return row.recipient.value != "carl"; });
        return *rows;
    }
    Result<void> act(QueueAct what, DeliveryId id) {
        return ask([&](Desk& desk) { return desk.act(what, id); });
    }
    // The words that Carl reads, in order.
    std::vector<std::string> carl_sees() {
        radio_->up = true;
        office_->wake("meshtastic.roof");
        settle();
        auto lines = all_shown(kCarl);
        for (std::string& line : lines) line = line.substr(line.rfind(' ') + 1);
        return lines;
    }
};

TEST_F(BumpTest, WhatIsBumpedGoesFirstBehindWhatItsLaneHasBefore) {
    const auto rows = to_carl();
    ASSERT_EQ(rows.size(), 5u);
    ASSERT_TRUE(act(QueueAct::Bump, rows[2].id).ok());
    EXPECT_EQ(carl_sees(), (Names{"one", "before", "two", "behind", "three"}));
    for (const std::size_t bumped : {1u, 2u}) {
        const auto events = events_of(rows[bumped].message);
        EXPECT_EQ(std::count(events.begin(), events.end(), "bumped"), 1);
    }
    const auto untouched = events_of(rows[3].message);
    EXPECT_EQ(std::count(untouched.begin(), untouched.end(), "bumped"), 0);
}

TEST_F(BumpTest, ItIsTheOperatorWhoPays) {
    const auto rows = to_carl();
    ASSERT_TRUE(act(QueueAct::Bump, rows[1].id).ok());
    EXPECT_EQ(to_carl()[1].turn, kOperatorsTurn);
    EXPECT_EQ(to_carl()[1].priority, Priority::Urgent);
    EXPECT_EQ(to_carl()[0].turn, "ben");
}

TEST_F(BumpTest, WhatIsHeldOrEndedIsNot) {
    const auto rows = to_carl();
    ASSERT_TRUE(act(QueueAct::Hold, rows[0].id).ok());
    ASSERT_TRUE(act(QueueAct::Cancel, rows[1].id).ok());
    EXPECT_EQ(act(QueueAct::Bump, rows[0].id).error().code, Code::Conflict);
    EXPECT_EQ(act(QueueAct::Bump, rows[1].id).error().code, Code::Conflict);
    EXPECT_EQ(act(QueueAct::Bump, 99999).error().code, Code::NotFound);
}

}  // namespace
}  // namespace waypost
