// SPDX-License-Identifier: Apache-2.0
#include "gateway/servers/own_servers.h"

#include <gtest/gtest.h>

#include <fstream>

#include "gateway/base/own_file.h"
#include "gateway/base/random.h"

namespace waypost {
namespace {

class OwnServersTest : public ::testing::Test {
  protected:
    OwnServersTest() { std::filesystem::create_directories(folder_); }
    ~OwnServersTest() override {
        std::error_code ignored;
        std::filesystem::remove_all(folder_, ignored);
    }
    void says(const std::string& text) const { std::ofstream(folder_ / "state") << text; }
    std::string plan() const {
        const auto text = read_file(plan_);
        return text.ok() ? *text : "";
    }

    const std::filesystem::path folder_ =
        std::filesystem::temp_directory_path() / ("waypost-test-" + system_random()->hex(8));
    const std::filesystem::path plan_ = folder_ / "servers";
    const OwnServers servers_{folder_, plan_};
};

TEST_F(OwnServersTest, WhatTheImagesSideSays) {
    EXPECT_FALSE(servers_.facts());
    says(
        "mail.state=failed\nmail.why=fatal: no\tsuch user\nmail.fingerprint=\nchat.state=running\n"
        "chat.why=\nchat.fingerprint=AB:CD\n");
    const auto facts = servers_.facts();
    ASSERT_TRUE(facts);
    EXPECT_EQ(facts->mail.state, "failed");
    EXPECT_EQ(facts->mail.why, "fatal: no such user");
    EXPECT_EQ(facts->chat.state, "running");
    EXPECT_EQ(facts->chat.why, "");
    EXPECT_EQ(facts->chat.fingerprint, "AB:CD");
}

TEST_F(OwnServersTest, WhatIsNoStateIsNone) {
    says("mail.state=great\nchat.state\n=\nmail\n\nother.state=running\n" + std::string(9000, 'x'));
    const auto facts = servers_.facts();
    ASSERT_TRUE(facts);
    EXPECT_EQ(facts->mail.state, "off");
    EXPECT_EQ(facts->chat.state, "off");
    says("mail.why=" + std::string(2000, 'w') + '\n');
    EXPECT_LE(servers_.facts()->mail.why.size(), 300u);
}

TEST_F(OwnServersTest, AWishIsForTheImagesSideOnly) {
    ASSERT_TRUE(servers_.wish({{"mail", "yes"}, {"mail.imap_port", "143"}}).ok());
    EXPECT_EQ(plan(),
              "# Waypost wrote this file for waypost-servers.service.\nmail=yes\n"
              "mail.imap_port=143\n");
    EXPECT_EQ(std::filesystem::status(plan_).permissions(),
              std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
}

TEST_F(OwnServersTest, TheSameWishWakesNobody) {
    ASSERT_TRUE(servers_.wish({{"mail", "yes"}}).ok());
    const auto then = std::filesystem::file_time_type::clock::now() - std::chrono::hours(1);
    std::filesystem::last_write_time(plan_, then);
    ASSERT_TRUE(servers_.wish({{"mail", "yes"}}).ok());
    EXPECT_EQ(std::filesystem::last_write_time(plan_), then);
    std::filesystem::rename(plan_, plan_.string() + ".taken");
    ASSERT_TRUE(servers_.wish({{"mail", "yes"}}).ok());
    EXPECT_EQ(plan(), "") << "the image's side has it";
    ASSERT_TRUE(servers_.wish({{"mail", "no"}}).ok());
    EXPECT_NE(plan().find("mail=no\n"), std::string::npos);
    ASSERT_TRUE(servers_.wish({{"mail", "yes"}}).ok());
    EXPECT_NE(plan().find("mail=yes\n"), std::string::npos) << "the newer one counts";
}

TEST_F(OwnServersTest, SignsOfAShellAreNotHandedOn) {
    for (const char* bad : {"a b", "a\nb", "$(reboot)", "a\"b", "a;b", "\xc3\xa4", "a/b"})
        EXPECT_EQ(servers_.wish({{"domain", bad}}).error().code, Code::BadInput) << bad;
    EXPECT_EQ(plan(), "");
}

TEST_F(OwnServersTest, ASecretThatIsNotHandedOnIsNotSaidEither) {
    const auto refused = servers_.wish({{"chat.secret", "pa$$word"}});
    ASSERT_FALSE(refused.ok());
    EXPECT_NE(refused.error().text.find("chat.secret"), std::string::npos);
    EXPECT_EQ(refused.error().text.find("pa$$"), std::string::npos);
}

}  // namespace
}  // namespace waypost
