// SPDX-License-Identifier: Apache-2.0
#include "bridges/nncp/online/cron.h"

#include <gtest/gtest.h>

#include "bridges/nncp/online/caller.h"
#include "gateway/base/local_time.h"

namespace waypost::nncp {
namespace {

class CronTest : public ::testing::Test {
  protected:
    void SetUp() override { ASSERT_TRUE(use_timezone("Europe/Berlin").ok()); }
    void TearDown() override { ASSERT_TRUE(use_timezone("UTC").ok()); }
};

std::time_t at(const std::string& text) {
    std::tm when{};
    EXPECT_NE(::strptime(text.c_str(), "%Y-%m-%d %H:%M:%S", &when), nullptr) << text;
    when.tm_isdst = -1;
    return std::mktime(&when);
}

std::string shown(std::time_t when) {
    std::tm local{};
    ::localtime_r(&when, &local);
    char text[40];
    std::strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S", &local);
    return text;
}

std::string next(const char* expression, const char* after) {
    const auto cron = Cron::parse(expression);
    if (!cron.ok()) return cron.error().text;
    const auto when = cron->next(at(after));
    return when ? shown(*when) : "never";
}

TEST_F(CronTest, Next) {
    const struct {
        const char *expression, *after, *next;
    } kCases[] = {
        {"* * * * *", "2026-05-06 07:08:09", "2026-05-06 07:09:00"},
        {"* * * * *", "2026-05-06 07:08:59", "2026-05-06 07:09:00"},
        {"*/10 * * * *", "2026-05-06 07:10:00", "2026-05-06 07:20:00"},
        {"*/10 * * * MON-FRI", "2026-05-08 23:55:00", "2026-05-11 00:00:00"},
        {"*/1 * * * sat,sun", "2026-05-08 12:00:00", "2026-05-09 00:00:00"},
        {"5/20 3 * * *", "2026-05-06 03:05:00", "2026-05-06 03:25:00"},
        {"0 22-23/1 31 * *", "2026-04-30 23:00:00", "2026-05-31 22:00:00"},
        {"*/30 * * * * * *", "2026-05-06 07:08:31", "2026-05-06 07:09:00"},
        {"15 0 0 1 1 * 2030", "2026-01-01 00:00:00", "2030-01-01 00:00:15"},
        {"0 0 1 1 * 2020-2025", "2026-01-01 00:00:00", "never"},
        {"0 0 29 2 *", "2026-03-01 00:00:00", "2028-02-29 00:00:00"},
        {"0 0 30 2 *", "2026-03-01 00:00:00", "never"},
        {"0 0 29 2 MON", "2097-01-01 00:00:00", "2097-02-04 00:00:00"},  // either day will do
        {"0 0 13 * 5", "2026-05-06 00:00:00", "2026-05-08 00:00:00"},
        {"0 0 ? * 7", "2026-05-06 00:00:00", "2026-05-10 00:00:00"},
        {"0 0 L * *", "2026-02-06 00:00:00", "2026-02-28 00:00:00"},
        {"0 0 LW * *", "2026-05-06 00:00:00", "2026-05-29 00:00:00"},
        {"0 0 15W 8 *", "2026-08-01 00:00:00", "2026-08-14 00:00:00"},  // Saturday
        {"0 0 1W 8 *", "2026-07-01 00:00:00", "2026-08-03 00:00:00"},   // not in July
        {"0 0 31W 5 *", "2026-05-01 00:00:00", "2026-05-29 00:00:00"},  // not in June
        {"0 0 * * 5L", "2026-05-06 00:00:00", "2026-05-29 00:00:00"},
        {"0 0 * * 2#3", "2026-05-06 00:00:00", "2026-05-19 00:00:00"},
        {"0 0 * * 5#5", "2026-05-30 00:00:00", "2026-07-31 00:00:00"},
        {"@hourly", "2026-05-06 07:08:09", "2026-05-06 08:00:00"},
        {"@weekly", "2026-05-06 07:08:09", "2026-05-10 00:00:00"},
        {"@annually", "2026-05-06 07:08:09", "2027-01-01 00:00:00"},
        {"0 12 * JAN,jul *", "2026-05-06 07:08:09", "2026-07-01 12:00:00"},
        // Clocks go from 2 to 3 on 29 March 2026, and from 3 to 2 on 25 October.
        {"30 2 * * *", "2026-03-28 12:00:00", "2026-03-29 03:30:00"},
        {"0 * * * *", "2026-03-29 01:00:00", "2026-03-29 03:00:00"},
        {"30 2 * * *", "2026-03-29 12:00:00", "2026-03-30 02:30:00"},
        {"30 2 * * *", "2026-10-24 12:00:00", "2026-10-25 02:30:00"},
        {"30 3 * * *", "2026-10-24 12:00:00", "2026-10-25 03:30:00"},
    };
    for (const auto& each : kCases)
        EXPECT_EQ(next(each.expression, each.after), each.next)
            << each.expression << " after " << each.after;
}

TEST_F(CronTest, ItAlwaysMovesForward) {
    const auto cron = Cron::parse("*/20 * * * *").value();
    std::time_t now = at("2026-10-24 22:00:00");
    for (int i = 0; i < 40; ++i) {
        const auto next = cron.next(now);
        ASSERT_TRUE(next.has_value());
        EXPECT_GT(*next, now);
        EXPECT_LE(*next - now, 3600 + 1200);
        now = *next;
    }
}

TEST_F(CronTest, WhatIsNone) {
    for (const char* bad : {"",
                            "* * * *",
                            "* * * * * * * *",
                            "60 * * * *",
                            "* 24 * * *",
                            "* * 0 * *",
                            "* * 32 * *",
                            "* * * 13 *",
                            "* * * * 8",
                            "5-1 * * * *",
                            "*/0 * * * *",
                            "a * * * *",
                            "* * * FOO *",
                            "1,,x * * * *",
                            "-1 * * * *",
                            "* * * * 5#6",
                            "* * 0W * *",
                            "* * * * XL",
                            "* * * * * 1969",
                            "@never",
                            "1/ * * * *",
                            "/5 * * * *"}) {
        EXPECT_FALSE(Cron::parse(bad).ok()) << bad;
    }
    EXPECT_FALSE(Cron::parse(std::string(300, '*')).ok());
}

TEST_F(CronTest, APlanCallsWhatIsDueOnceHoweverLate) {
    NodeConfig config;
    Node& node = config.nodes["city"];
    node.name = "city";
    node.calls.resize(2);
    node.calls[0].cron = "*/10 * * * *";
    node.calls[1].cron = "0 12 * * *";
    auto plan = CallPlan::of(config, at("2026-05-06 11:55:00")).value();
    EXPECT_EQ(shown(plan.next().value()), "2026-05-06 12:00:00");
    EXPECT_TRUE(plan.take(at("2026-05-06 11:59:59")).empty());
    EXPECT_EQ(plan.take(at("2026-05-06 12:34:00")).size(), 2u);
    EXPECT_EQ(shown(plan.next().value()), "2026-05-06 12:40:00");
    const auto due = plan.take(at("2026-05-06 12:40:00"));
    ASSERT_EQ(due.size(), 1u);
    EXPECT_EQ(due[0].call, &node.calls[0]);
    node.calls[1].cron = "nonsense";
    EXPECT_FALSE(CallPlan::of(config, 0).ok());
}

TEST_F(CronTest, AnEntrySaysHowToCall) {
    Call call;
    call.nice = 96;
    call.transmit = false;
    call.receive_rate = 5;
    call.online_deadline = std::chrono::seconds(99);
    const auto options = options_of(call, {});
    EXPECT_EQ(options.nice, 96);
    EXPECT_TRUE(options.receive && !options.transmit);
    EXPECT_EQ(options.receive_rate, 5);
    EXPECT_EQ(options.online_deadline, std::chrono::seconds(99));
    EXPECT_FALSE(options.max_online.has_value());
}

}  // namespace
}  // namespace waypost::nncp
