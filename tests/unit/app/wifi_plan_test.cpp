// SPDX-License-Identifier: Apache-2.0
// What root is told of the Wi-Fi, and what it is never told.
#include "app/wifi_plan.h"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <regex>

#include "app/transports.h"
#include "tests/unit/gateway/store/engine.h"

namespace waypost {
namespace {

using ::testing::HasSubstr;
using ::testing::MatchesRegex;

class WifiPlan : public ::testing::Test {
  protected:
    Config config(const std::string& wifi) {
        std::ofstream(folder_ / "waypost.toml") << "[box]\ndomain = \"hill.example\"\n[wifi]\n"
                                                << wifi;
        const auto loaded = load_config(folder_ / "waypost.toml", all_sections());
        EXPECT_TRUE(loaded.ok() && loaded->problems.empty());
        return loaded->config;
    }
    std::string password(const std::string& text) {
        std::ofstream(folder_ / "pw") << text << '\n';
        ::chmod((folder_ / "pw").c_str(), 0600);
        return "name = \"Hill\"\npassword_file = \"pw\"\n";
    }
    std::string refusal(const std::string& wifi) {
        try {
            return "it is a plan: " + wifi_plan(config(wifi));
        } catch (const std::runtime_error& e) {
            return e.what();
        }
    }

    const store::TempFolder folder_;
};

// IEEE 802.11-2020 J.4.2, test vectors 1 to 3.
TEST(WpaKey, IsAsTheStandardHasIt) {
    EXPECT_EQ(wpa_key("IEEE", "password"),
              "f42c6fc52df0ebef9ebb4b90b38a5f902e83fe1b135a70e23aed762e9710a12e");
    EXPECT_EQ(wpa_key("ThisIsASSID", "ThisIsAPassword"),
              "0dc0d6eb90555ed6419756b9a15ec3e3209b63df707dd508d14581f8982721af");
    EXPECT_EQ(wpa_key(std::string(32, 'Z'), std::string(32, 'a')),
              "becb93866bb8c3832cb777c2f559807c8c59afcb6eae734885001300a981cc62");
}

TEST_F(WifiPlan, SaysNothingThatNobodySet) {
    EXPECT_EQ(wifi_plan(config("")),
              "# Waypost wrote this file for waypost-network.service.\naccess_point=yes\ncountry=\n"
              "name=\nkey=\nshare=no\nuplink=\nuplink_key=\n");
}

TEST_F(WifiPlan, HasNamesInHexAndPasswordsAsKeys) {
    const std::string plan = wifi_plan(config(
        password("tr0ub$'`; reboot") + "country = \"KE\"\nshare = true\nuplink = \"$(x)\\\"\"\n"));
    EXPECT_THAT(plan, HasSubstr("\ncountry=KE\nname=48696c6c\nkey="));
    EXPECT_THAT(plan, HasSubstr("\nshare=yes\nuplink=2428782922\nuplink_key=\n"));
    EXPECT_EQ(plan.find("reboot"), std::string::npos) << "no password is in it";
}

// What the script of the image takes: a line of another form would be passed over there.
TEST_F(WifiPlan, HasNoLineThatAShellCouldTakeForMore) {
    for (const char* name :
         {"", "Hill", "\xd9\x82\xd8\xb1\xd9\x8a\xd8\xa9", "a'b\\\"c", "$(reboot)"}) {
        std::istringstream lines(wifi_plan(config(std::string("name = \"") + name + "\"\n")));
        std::string line;
        std::getline(lines, line);
        while (std::getline(lines, line))
            EXPECT_TRUE(std::regex_match(line, std::regex("[a-z_]+=([0-9a-f]*|[A-Z]{2}|yes|no)")))
                << line;
    }
}

TEST_F(WifiPlan, WhatCannotBeIsSaidAtItsKey) {
    for (const char* country : {"ke", "KEN", "K", "00", "K;", "\\u00c9A"})
        EXPECT_THAT(refusal(std::string("country = \"") + country + "\"\n"),
                    HasSubstr("[wifi] country: "))
            << country;
    EXPECT_THAT(refusal("name = \"" + std::string(33, 'x') + "\"\n"), HasSubstr("[wifi] name: "));
    EXPECT_THAT(refusal("name = \"a\\nb\"\n"), HasSubstr("[wifi] name: "));
    EXPECT_THAT(refusal("uplink = \"a\\u007f\"\n"), HasSubstr("[wifi] uplink: "));
    for (const char* address : {"10.41.0", "fe80::1", "box", "10.41.0.1/24"})
        EXPECT_THAT(refusal(std::string("address = \"") + address + "\"\n"),
                    HasSubstr("[wifi] address: "))
            << address;
    for (const std::string& text :
         {std::string("seven77"), std::string(64, 'x'), std::string("gr\xc3\xbc\xc3\x9f gott"),
          std::string("tab\there!")})
        EXPECT_THAT(refusal(password(text)), HasSubstr("[wifi] password_file: a password")) << text;
    EXPECT_THAT(refusal("name = \"Hill\"\npassword_file = \"gone\"\n"),
                HasSubstr("[wifi] password_file: "));
    password("long enough");
    EXPECT_THAT(refusal("password_file = \"pw\"\n"), HasSubstr("[wifi] name: "));
}

TEST_F(WifiPlan, IsWrittenWhereItIsWantedAndOnlyWhenItIsAnother) {
    EXPECT_TRUE(write_wifi_plan(config("")).ok());
    const std::string file = folder_ / "plan";
    EXPECT_FALSE(std::filesystem::exists(file));
    const std::string wanted = "plan = \"plan\"\n";
    ASSERT_TRUE(write_wifi_plan(config(wanted)).ok());
    struct stat first {
    }, again{}, other{};
    ASSERT_EQ(::stat(file.c_str(), &first), 0);
    EXPECT_EQ(first.st_mode & 0777, 0600u);
    ASSERT_TRUE(write_wifi_plan(config(wanted)).ok());
    ::stat(file.c_str(), &again);
    EXPECT_EQ(again.st_ino, first.st_ino) << "root would do it all anew";
    ASSERT_TRUE(write_wifi_plan(config(wanted + "country = \"KE\"\n")).ok());
    ::stat(file.c_str(), &other);
    EXPECT_NE(other.st_ino, first.st_ino);
}

}  // namespace
}  // namespace waypost
