// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <map>

#include "bridges/email/direct/direct_opener.h"
#include "tests/fakes/fake_clock.h"
#include "tests/fakes/memory_state.h"

namespace waypost::email {
namespace {

TEST(LeadsHere, IsLoopbackUnspecifiedAndLinkLocal) {
    for (const char* here : {"127.0.0.1", "127.9.8.7", "0.0.0.0", "169.254.1.1", "::1",
                             "::", "fe80::1", "febf::1", "::ffff:127.0.0.1", "::ffff:0.0.0.0"}) {
        EXPECT_TRUE(leads_here(here)) << here;
    }
    for (const char* away : {"192.0.2.1", "126.255.255.255", "128.0.0.1", "10.0.0.1", "2001:db8::1",
                             "fec0::1", "fe7f::1", "::2", "::ffff:192.0.2.1", "mx.test", ""}) {
        EXPECT_FALSE(leads_here(away)) << away;
    }
}

struct Names final : Dns {
    Result<std::vector<MxRecord>> mx(const std::string&) override { return hosts; }
    Result<std::vector<std::string>> txt(const std::string&) override {
        return std::vector<std::string>{};
    }
    Result<std::vector<std::string>> addresses(const std::string& host) override {
        const auto found = at.find(host);
        if (found == at.end()) return Error{Code::Timeout, "no answer", true};
        return found->second;
    }
    Result<bool> is_zone(const std::string&) override { return true; }
    void cut() noexcept override {}
    std::vector<MxRecord> hosts;
    std::map<std::string, std::vector<std::string>> at;
};

struct NoPolicies final : PolicySource {
    Result<std::string> fetch(const std::string&) override {
        return Error{Code::NotFound, "none", false};
    }
    void cut() noexcept override {}
};

// No test here gets as far as a connection.
class OpenerTest : public ::testing::Test {
  protected:
    Error open() {
        DirectOpener opener(parts_, "hill.test");
        const auto client = opener.open([](SmtpClient&) {
            ADD_FAILURE() << "somebody was connected to";
            return Result<void>();
        });
        return client.error();
    }
    FakeClock clock_;
    Names dns_;
    NoPolicies source_;
    MemoryState state_;
    StsPolicies policies_{dns_, source_, state_, clock_};
    std::unique_ptr<Random> random_ = seeded_random(7);
    DirectParts parts_{dns_, policies_, *random_, "box.test", {"box.test"}, 25, {}, nullptr};
};

TEST_F(OpenerTest, HostsThatAreAllThisMachineMeanNever) {
    dns_.hosts = {{10, "a.test"}, {20, "b.test"}, {30, "127.0.0.1"}};
    dns_.at = {
        {"a.test", {"::1", "127.0.0.1"}}, {"b.test", {"0.0.0.0"}}, {"127.0.0.1", {"127.0.0.1"}}};
    const Error error = open();
    EXPECT_FALSE(error.retry);
    EXPECT_EQ(error.code, Code::Conflict);
    EXPECT_EQ(error.text, "mail for hill.test leads back to this box");
}

TEST_F(OpenerTest, SoDoesADomainWithoutMxAtSuchAnAddress) {
    dns_.at = {{"hill.test", {"127.0.0.1"}}};
    EXPECT_EQ(open().code, Code::Conflict);
}

TEST_F(OpenerTest, OneThatMayBeElsewhereMeansLater) {
    dns_.hosts = {{10, "unknown.test"}, {20, "b.test"}};
    dns_.at = {{"b.test", {"fe80::1"}}};
    EXPECT_TRUE(open().retry);
    dns_.hosts = {{10, "b.test"}, {20, "unknown.test"}};
    EXPECT_TRUE(open().retry);
    dns_.at["unknown.test"] = {};
    EXPECT_TRUE(open().retry) << "it has no address yet";
}

}  // namespace
}  // namespace waypost::email
