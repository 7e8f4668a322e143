// SPDX-License-Identifier: Apache-2.0
#include "bridges/fetch/authorities.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "bridges/fetch/fetcher.h"
#include "tests/fakes/file_server.h"
#include "tests/fakes/loopback_tls.h"

namespace waypost {
namespace {

class AuthoritiesTest : public ::testing::Test {
  protected:
    AuthoritiesTest() { server_.file("/x", "text/plain", "x"); }
    ~AuthoritiesTest() override { std::filesystem::remove_all(folder_); }
    void trust(const FileServer& whom) {
        std::filesystem::remove(file_);
        std::filesystem::copy_file(whom.ca_file(), file_);
    }
    FetchOptions options() const {
        FetchOptions options;
        options.near = {"localhost"};
        options.ca_file = file_;
        return options;
    }

    FileServer server_, other_;
    const std::string folder_ = new_test_folder();
    const std::string file_ = folder_ + "/authorities.pem";
};

TEST_F(AuthoritiesTest, AreReadOnceUntilTheFileChanges) {
    trust(other_);
    Authorities authorities(file_);
    const auto first = authorities.store();
    ASSERT_TRUE(first);
    EXPECT_EQ(authorities.store(), first);
    trust(server_);
    const auto second = authorities.store();
    ASSERT_TRUE(second);
    EXPECT_NE(second, first);
}

TEST_F(AuthoritiesTest, OfAFileThatIsGoneOrHoldsNoneAreNotThere) {
    EXPECT_FALSE(Authorities(file_).store());
    EXPECT_FALSE(Authorities("/dev/null").store());
    EXPECT_FALSE(Authorities("").store());
}

TEST_F(AuthoritiesTest, ACertificateCountsFromWhenItsAuthorityDoes) {
    trust(other_);
    const Fetcher fetcher(options());
    const auto refused = fetcher.ask({server_.url("/x"), {}, {}});
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().code, Code::Refused);
    trust(server_);
    const auto answered = fetcher.ask({server_.url("/x"), {}, {}});
    ASSERT_TRUE(answered.ok()) << answered.error().text;
    EXPECT_EQ(answered->body, "x");
}

TEST_F(AuthoritiesTest, WithoutAnyNobodyIsAsked) {
    const Fetcher fetcher(options());
    EXPECT_FALSE(fetcher.ask({server_.url("/x"), {}, {}}).ok());
    EXPECT_TRUE(server_.asked().empty());
}

}  // namespace
}  // namespace waypost
