// SPDX-License-Identifier: Apache-2.0
#include "bridges/email/direct/mx.h"

#include <gtest/gtest.h>

#include <map>

namespace waypost::email {
namespace {

using Names = std::vector<std::string>;

class MxTest : public ::testing::Test {
  protected:
    Result<Names> order(std::vector<MxRecord> records, const std::set<std::string>& own = {}) {
        return hosts_in_order("hill.test", std::move(records), own, *random_);
    }
    std::unique_ptr<Random> random_ = seeded_random(7);
};

TEST_F(MxTest, LowerPreferenceFirst) {
    EXPECT_EQ(*order({{20, "b.test"}, {10, "a.test"}, {30, "c.test"}}),
              (Names{"a.test", "b.test", "c.test"}));
}

TEST_F(MxTest, EqualPreferencesTakeTurnsByChanceAndStayBeforeWorseOnes) {
    std::map<std::string, int> first;
    for (int i = 0; i < 300; ++i) {
        const auto hosts = order({{20, "last.test"}, {10, "a.test"}, {10, "b.test"}});
        ASSERT_EQ(hosts->size(), 3u);
        ++first[hosts->front()];
        EXPECT_EQ(hosts->back(), "last.test");
    }
    EXPECT_GT(first["a.test"], 100);
    EXPECT_GT(first["b.test"], 100);
    EXPECT_EQ(first["last.test"], 0);
}

TEST_F(MxTest, WithoutRecordsTheDomainIsItsOwnHost) { EXPECT_EQ(*order({}), (Names{"hill.test"})); }

TEST_F(MxTest, NullMxMeansNeverAndIsSaidInWords) {
    const auto hosts = order({{0, ""}});
    ASSERT_FALSE(hosts.ok());
    EXPECT_FALSE(hosts.error().retry);
    EXPECT_EQ(hosts.error().text, "hill.test takes no mail");
}

TEST_F(MxTest, ARootAmongOtherHostsIsPassedOver) {
    EXPECT_EQ(*order({{0, ""}, {10, "a.test"}}), (Names{"a.test"}));
}

TEST_F(MxTest, NeverToOurselvesNorBehindUs) {
    EXPECT_EQ(
        *order({{10, "a.test"}, {20, "box.test"}, {20, "same.test"}, {30, "b.test"}}, {"box.test"}),
        (Names{"a.test"}));
    const auto hosts = order({{10, "box.test"}, {20, "a.test"}}, {"box.test"});
    ASSERT_FALSE(hosts.ok());
    EXPECT_FALSE(hosts.error().retry);
    EXPECT_EQ(hosts.error().text, "mail for hill.test leads back to this box");
}

TEST_F(MxTest, ManyHostsAreCutAndNoneIsTriedTwice) {
    std::vector<MxRecord> records{{1, "a.test"}, {2, "a.test"}};
    for (int i = 0; i < 50; ++i) records.push_back({10 + i, "h" + std::to_string(i) + ".test"});
    const auto hosts = order(records);
    EXPECT_EQ(hosts->size(), kMostHosts);
    EXPECT_EQ(std::count(hosts->begin(), hosts->end(), "a.test"), 1);
}

// Answers as scripted.
struct ScriptedDns final : Dns {
    Result<std::vector<MxRecord>> mx(const std::string&) override { return mx_answer; }
    Result<std::vector<std::string>> txt(const std::string&) override {
        return std::vector<std::string>{};
    }
    Result<std::vector<std::string>> addresses(const std::string&) override {
        return address_answer;
    }
    Result<bool> is_zone(const std::string& zone) override {
        if (silent) return Error{Code::Timeout, "no answer", true};
        return zones.count(zone) != 0;
    }
    void cut() noexcept override {}
    Result<std::vector<MxRecord>> mx_answer = std::vector<MxRecord>{};
    Result<std::vector<std::string>> address_answer = std::vector<std::string>{};
    std::set<std::string> zones{""};
    bool silent = false;
};

TEST_F(MxTest, ADomainThatDoesNotExistIsNeverAndOneThatDoesNotAnswerIsLater) {
    ScriptedDns dns;
    dns.mx_answer = Error{Code::NotFound, "no such domain: hill.test", false};
    auto hosts = mail_hosts(dns, "hill.test", {}, *random_);
    ASSERT_FALSE(hosts.ok());
    EXPECT_FALSE(hosts.error().retry);
    EXPECT_EQ(hosts.error().text, "no such mail domain");
    dns.mx_answer = Error{Code::Network, "SERVFAIL", true};
    hosts = mail_hosts(dns, "hill.test", {}, *random_);
    ASSERT_FALSE(hosts.ok());
    EXPECT_TRUE(hosts.error().retry);
}

TEST_F(MxTest, WhoKnowsNoNameAtAllIsNotBelieved) {
    ScriptedDns dns;
    const auto final = [&] {
        const auto hosts = mail_hosts(dns, "post.hill.test", {}, *random_);
        EXPECT_FALSE(hosts.ok());
        return !hosts.error().retry;
    };
    for (const bool nxdomain : {true, false}) {
        if (nxdomain) dns.mx_answer = Error{Code::NotFound, "no such domain", false};
        if (!nxdomain) dns.mx_answer = std::vector<MxRecord>{};  // nor an address
        dns.zones = {};
        EXPECT_FALSE(final()) << "a captive portal says so of everything";
        dns.zones = {"hill.test"};
        EXPECT_FALSE(final()) << "a router's own zone";
        dns.zones = {"test"};
        EXPECT_TRUE(final()) << "a name server of the TLD";
        dns.zones = {""};
        EXPECT_TRUE(final()) << "the Internet's, and there is no such TLD";
        dns.silent = true;
        EXPECT_FALSE(final()) << "the line went down meanwhile";
        dns.silent = false;
    }
}

TEST_F(MxTest, AnImplicitHostNeedsAnAddress) {
    ScriptedDns dns;
    auto hosts = mail_hosts(dns, "hill.test", {}, *random_);
    ASSERT_FALSE(hosts.ok());
    EXPECT_FALSE(hosts.error().retry);
    dns.address_answer = Error{Code::Timeout, "no answer", true};
    hosts = mail_hosts(dns, "hill.test", {}, *random_);
    ASSERT_FALSE(hosts.ok());
    EXPECT_TRUE(hosts.error().retry) << "its address may be there when the DNS answers";
    dns.address_answer = std::vector<std::string>{"192.0.2.1"};
    EXPECT_EQ(*mail_hosts(dns, "hill.test", {}, *random_), (Names{"hill.test"}));
}

}  // namespace
}  // namespace waypost::email
