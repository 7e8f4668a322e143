// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "bridges/email/direct/sts_policies.h"
#include "tests/fakes/fake_clock.h"
#include "tests/fakes/memory_state.h"

namespace waypost::email {
namespace {

using Mode = StsPolicy::Mode;

constexpr char kEnforce[] =
    "version: STSv1\r\nmode: enforce\r\nmx: mail.hill.test\r\nmx: *.Example.NET\r\nmax_age: "
    "604800\r\n";

TEST(StsRecord, OneRecordWithAnIdIsAPolicy) {
    EXPECT_EQ(sts_id({"v=STSv1; id=20260101T000000;"}), "20260101T000000");
    EXPECT_EQ(sts_id({"v=spf1 -all", "v=STSv1;id=a1"}), "a1");
    EXPECT_EQ(sts_id({"v=STSv1 ; ext=x; id = a1 "}), "a1");
}

TEST(StsRecord, NoneOrTwoOrABadIdIsNone) {
    for (const std::vector<std::string>& txt : {std::vector<std::string>{},
                                                {"v=spf1 -all"},
                                                {"v=STSv1; id=1;", "v=STSv1; id=2;"},
                                                {"v=STSv1;"},
                                                {"v=STSv1; id=;"},
                                                {"v=STSv1; id=a-b;"},
                                                {"v=STSv1; id=123456789012345678901234567890123;"},
                                                {"v=STSv11; id=1"},
                                                {"id=1; v=STSv1"}}) {
        EXPECT_EQ(sts_id(txt), std::nullopt) << (txt.empty() ? "" : txt.front());
    }
}

TEST(StsText, IsReadAndWritten) {
    const auto policy = parse_sts_policy(kEnforce);
    ASSERT_TRUE(policy.ok()) << policy.error().text;
    EXPECT_EQ(policy->mode, Mode::Enforce);
    EXPECT_EQ(policy->mx, (std::vector<std::string>{"mail.hill.test", "*.example.net"}));
    EXPECT_EQ(policy->max_age, std::chrono::seconds(604800));
    EXPECT_EQ(*parse_sts_policy(write_sts_policy(*policy)), *policy);
}

TEST(StsText, UnknownKeysArePassedOverAndTheFirstOfTwoCounts) {
    const auto policy = parse_sts_policy(
        "version: STSv1\nfuture: yes\nmode: testing\nmode: enforce\nmx: a.test\nmax_age: 9999999999"
        "\nmax_age: 1\n");
    ASSERT_TRUE(policy.ok());
    EXPECT_EQ(policy->mode, Mode::Testing);
    EXPECT_EQ(policy->max_age, std::chrono::seconds(31'557'600)) << "a year at most";
}

TEST(StsText, WhatIsNotWholeCountsAsNone) {
    for (const std::string text :
         {"", "version: STSv1\nmode: enforce\nmx: a.test\n",
          "mode: enforce\nmx: a.test\nmax_age: 1",
          "version: STSv2\nmode: enforce\nmx: a.test\nmax_age: 1",
          "version: STSv1\nmode: always\nmx: a.test\nmax_age: 1",
          "version: STSv1\nmode: enforce\nmax_age: 1",
          "version: STSv1\nmode: enforce\nmx: a.test\nmax_age: -1",
          "version: STSv1\nmode: enforce\nmx: a.test\nmax_age: 99999999999999999999",
          "version: STSv1\nmode: enforce\nmx: a test\nmax_age: 1",
          "version: STSv1\nmode: enforce\nmx: *.\nmax_age: 1"}) {
        EXPECT_FALSE(parse_sts_policy(text).ok()) << text;
    }
    EXPECT_FALSE(parse_sts_policy(std::string(kMostPolicyBytes + 1, '\n')).ok());
    std::string many = kEnforce;
    for (std::size_t i = 0; i < kMostPatterns; ++i) many += "mx: a.test\n";
    EXPECT_FALSE(parse_sts_policy(many).ok());
    EXPECT_TRUE(parse_sts_policy("version: STSv1\nmode: none\nmax_age: 1").ok());
}

TEST(StsText, AStarIsOneLabel) {
    const auto policy = parse_sts_policy(kEnforce);
    EXPECT_TRUE(sts_allows(*policy, "mail.hill.test"));
    EXPECT_TRUE(sts_allows(*policy, "mx1.example.net"));
    EXPECT_FALSE(sts_allows(*policy, "example.net"));
    EXPECT_FALSE(sts_allows(*policy, "a.mx1.example.net"));
    EXPECT_FALSE(sts_allows(*policy, ".example.net"));
    EXPECT_FALSE(sts_allows(*policy, "evilexample.net"));
    EXPECT_FALSE(sts_allows(*policy, "mail.hill.test.evil.test"));
}

struct TxtDns final : Dns {
    Result<std::vector<MxRecord>> mx(const std::string&) override {
        return std::vector<MxRecord>{};
    }
    Result<std::vector<std::string>> txt(const std::string& name) override {
        asked = name;
        return answer;
    }
    Result<std::vector<std::string>> addresses(const std::string&) override {
        return std::vector<std::string>{};
    }
    Result<bool> is_zone(const std::string&) override { return true; }
    void cut() noexcept override {}
    Result<std::vector<std::string>> answer = std::vector<std::string>{"v=STSv1; id=1;"};
    std::string asked;
};

struct Shelf final : PolicySource {
    Result<std::string> fetch(const std::string&) override {
        ++fetched;
        return answer;
    }
    void cut() noexcept override {}
    Result<std::string> answer = std::string(kEnforce);
    int fetched = 0;
};

class StsPoliciesTest : public ::testing::Test {
  protected:
    std::optional<StsPolicy> ask() { return policies_.of("hill.test"); }
    FakeClock clock_;
    MemoryState state_;
    TxtDns dns_;
    Shelf shelf_;
    StsPolicies policies_{dns_, shelf_, state_, clock_};
};

TEST_F(StsPoliciesTest, IsFetchedOnceAndKeptAcrossARestart) {
    ASSERT_TRUE(ask());
    EXPECT_EQ(dns_.asked, "_mta-sts.hill.test");
    ASSERT_TRUE(ask());
    EXPECT_EQ(shelf_.fetched, 1);
    StsPolicies after(dns_, shelf_, state_, clock_);
    ASSERT_TRUE(after.of("hill.test"));
    EXPECT_EQ(after.of("hill.test")->mode, Mode::Enforce);
    EXPECT_EQ(shelf_.fetched, 1);
}

TEST_F(StsPoliciesTest, ANewIdOrADayFetchesItAnew) {
    ask();
    dns_.answer = std::vector<std::string>{"v=STSv1; id=2;"};
    shelf_.answer = std::string("version: STSv1\nmode: none\nmax_age: 604800\n");
    EXPECT_EQ(ask()->mode, Mode::None);
    EXPECT_EQ(shelf_.fetched, 2);
    clock_.advance(std::chrono::hours(25));
    ask();
    EXPECT_EQ(shelf_.fetched, 3);
}

// Who can suppress an answer of the DNS or stand before the server must not switch TLS off.
TEST_F(StsPoliciesTest, AKnownPolicyHoldsUntilItsAgeIsOver) {
    ask();
    dns_.answer = Error{Code::Timeout, "no answer", true};
    EXPECT_TRUE(ask());
    dns_.answer = std::vector<std::string>{};
    EXPECT_TRUE(ask());
    dns_.answer = std::vector<std::string>{"v=STSv1; id=2;"};
    shelf_.answer = Error{Code::Network, "bad certificate", true};
    EXPECT_TRUE(ask());
    clock_.advance(std::chrono::hours(24 * 8));
    dns_.answer = std::vector<std::string>{};
    EXPECT_FALSE(ask());
    EXPECT_TRUE(state_.values.empty()) << "what is over is not kept";
}

TEST_F(StsPoliciesTest, AServerThatFailsIsLeftAloneForFiveMinutes) {
    shelf_.answer = Error{Code::Network, "closed", true};
    EXPECT_FALSE(ask());
    EXPECT_FALSE(ask());
    EXPECT_EQ(shelf_.fetched, 1);
    clock_.advance(std::chrono::minutes(6));
    shelf_.answer = std::string(kEnforce);
    EXPECT_TRUE(ask());
}

TEST_F(StsPoliciesTest, WithoutARecordNobodyIsAsked) {
    dns_.answer = std::vector<std::string>{};
    EXPECT_FALSE(ask());
    EXPECT_EQ(shelf_.fetched, 0);
}

TEST_F(StsPoliciesTest, WhatIsKeptButBrokenIsAsIfItWereNot) {
    for (const std::string value : {"", "1", "1 2\n", "x y\nversion: STSv1", "\n 1"}) {
        state_.values["mta-sts/hill.test"] = value;
        dns_.answer = std::vector<std::string>{};
        EXPECT_FALSE(ask()) << value;
    }
}

}  // namespace
}  // namespace waypost::email
