// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "gateway/delivery/desk_history.h"
#include "village.h"

namespace waypost {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using ::testing::ElementsAre;

class HistoryTest : public Village {
  protected:
    // As the house keeps it, minute by minute.
    void live(minutes time) {
        for (minutes each{0}; each < time; ++each) pass(minutes(1));
    }
    History last(int span) {
        auto all = history(*office_, span);
        EXPECT_TRUE(all.ok());
        return std::move(*all);
    }
    static const TransportHistory* of(const History& history, const TransportId& id) {
        for (const TransportHistory& each : history.transports)
            if (each.id == id) return &each;
        return nullptr;
    }
    Series series(int span, const std::string& metric) {
        const History all = last(span);
        const TransportHistory* roof = of(all, "meshtastic.roof");
        return roof != nullptr && roof->series.count(metric) ? roof->series.at(metric) : Series{};
    }
    std::size_t rows() {
        return store_
            ->read([](store::Tables& t) { return t.samples.sums(0, 1, 4'000'000'000'000); })
            ->size();
    }
};

TEST_F(HistoryTest, TenMinutesAreOneValue) {
    radio_->metrics = {{"snr_db", -4}, {"airtime_total_ms", 0}};
    live(minutes(9));
    radio_->up = false;
    radio_->metrics["airtime_total_ms"] = 2500;
    live(minutes(1));  // into the next ten minutes
    radio_->metrics["snr_db"] = 6;
    live(minutes(5));
    const History all = last(1);
    EXPECT_EQ(all.step_ms, 600'000);
    EXPECT_EQ(all.from_ms % all.step_ms, 0);
    const TransportHistory* roof = of(all, "meshtastic.roof");
    ASSERT_NE(roof, nullptr);
    EXPECT_EQ(roof->network, "meshtastic");
    const auto none = std::nullopt;
    EXPECT_THAT(roof->series.at("up"), ElementsAre(none, none, none, none, 1.0, 0.0));
    EXPECT_THAT(roof->series.at("airtime_ms"), ElementsAre(none, none, none, none, 0.0, 2500.0));
    EXPECT_DOUBLE_EQ(*roof->series.at("snr_db")[4], -4);
    EXPECT_GT(*roof->series.at("snr_db")[5], 4);
    EXPECT_EQ(roof->series.count("loss"), 0u) << "it never said one";
}

TEST_F(HistoryTest, WhatWaitsIsTheNetworksWhereTheTransportDoesNotSay) {
    name("ana", kAna);
    name("ben", kBen);
    radio_->up = false;
    hand(spoken(kAna, "@ben hello"));
    live(minutes(1));
    EXPECT_GE(series(1, "waiting").back().value_or(0), 1);
    radio_->metrics = {{"waiting", 40}};
    live(minutes(10));
    EXPECT_DOUBLE_EQ(series(1, "waiting").back().value_or(0), 40);
}

TEST_F(HistoryTest, ARadioThatCameAnewCountsItsAirtimeFromNothing) {
    radio_->metrics = {{"airtime_total_ms", 9000}};
    live(minutes(1));
    radio_->metrics = {{"airtime_total_ms", 700}};
    live(minutes(1));
    EXPECT_DOUBLE_EQ(series(1, "airtime_ms").back().value_or(0), 9700);
}

TEST_F(HistoryTest, LongerTimesHaveLongerStepsAndNeverTooMany) {
    for (const int span : {1, 24, 25, 48, 56, 57, 84, 85, 168}) {
        live(minutes(1));
        const History all = last(span);
        const Series up = of(all, "meshtastic.roof")->series.at("up");
        EXPECT_LE(up.size(), 168u) << span;
        EXPECT_EQ(static_cast<store::Ms>(up.size()) * all.step_ms, span * 3'600'000LL);
        EXPECT_EQ(all.step_ms > 600'000, span > 24) << span;
        EXPECT_TRUE(up.back()) << span;
    }
}

TEST_F(HistoryTest, ItIsTheSameAfterARestart) {
    live(minutes(5));
    const Series before = series(1, "up");
    close();
    open();
    EXPECT_EQ(series(1, "up"), before);
    live(minutes(5));
    EXPECT_DOUBLE_EQ(*series(1, "up").back(), 1);
}

TEST_F(HistoryTest, WhileTheClockIsDoubtedNothingIsKept) {
    live(minutes(5));
    const std::size_t before = rows();
    clock_.jump_wall(hours(24 * 365));
    radio_->metrics = {{"airtime_total_ms", 500'000}};
    live(minutes(30));
    EXPECT_EQ(rows(), before);
    office_->confirm_time();
    radio_->metrics = {{"airtime_total_ms", 500'100}};
    live(minutes(1));
    EXPECT_GT(rows(), before);
    EXPECT_DOUBLE_EQ(series(1, "airtime_ms").back().value_or(0), 100)
        << "what was sent meanwhile is of no time that anybody knows";
}

TEST_F(HistoryTest, AClockThatIsSetBackKeepsValuesWithinBounds) {
    for (int again = 0; again < 5; ++again) {
        radio_->metrics["airtime_total_ms"] += 400'000;
        live(minutes(9));
        clock_.jump_wall(-minutes(9));
    }
    for (const auto& each : series(24, "up")) EXPECT_LE(each.value_or(0), 1);
    for (const auto& each : series(24, "airtime_ms")) EXPECT_LE(each.value_or(0), 600'000);
    clock_.jump_wall(-minutes(55));
    live(minutes(2));
    EXPECT_EQ(last(168).transports.size(), 2u) << "what is of a time to come is not shown";
}

TEST_F(HistoryTest, OfEightDaysAtMost) {
    for (int hour = 0; hour < 24 * 9; ++hour) pass(hours(1));
    const auto all = store_->read(
        [](store::Tables& t) { return t.samples.sums(0, 600'000, 4'000'000'000'000); });
    const store::Ms oldest = box_->wall_ms() - 8 * 86'400'000LL;
    for (const store::SampleSum& each : *all) EXPECT_GE((each.step + 7) * 600'000, oldest);
    EXPECT_GT(all->size(), 24u * 7);
}

TEST_F(HistoryTest, WhoIsNotHereAnyMoreIsThereWithoutANetwork) {
    live(minutes(1));
    office_->transports().remove("email");
    const History all = last(1);
    ASSERT_NE(of(all, "email"), nullptr);
    EXPECT_EQ(of(all, "email")->network, "");
}

}  // namespace
}  // namespace waypost
