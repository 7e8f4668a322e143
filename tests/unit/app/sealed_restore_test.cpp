// SPDX-License-Identifier: Apache-2.0
// Which encrypted copies the daemon finds, and what it makes of one.
#include "app/sealed_restore.h"

#include "app/open_copy.h"
#include "app/sealed_copy.h"
#include "tests/unit/app/sealed_folder.h"

namespace waypost {
namespace {

namespace fs = std::filesystem;

constexpr char kCopy[] = "waypost-hill.example-000002.tar.age";

class Sealed : public ::testing::Test {
  protected:
    Sealed() {
        const std::string to = new_key(here_ / "key");
        here_.make("state");
        here_.put("state/waypost.db", "all that there is");
        here_.make("backups/2026-11-27T03-00-00Z");
        for (const std::string& name :
             {std::string(kCopy), std::string("waypost-hill.example-000001.tar.age")})
            EXPECT_TRUE(
                write_sealed_copy(here_ / "state", here_.make("share") + '/' + name, {to}).ok());
        fs::copy(here_ / ("share/" + std::string(kCopy)),
                 here_ / "backups/waypost-dale.example-000007.tar.age");
        opens();
    }
    void opens() {
        BackupPlan plan;
        plan.to = here_ / "share";
        plan.sticks = {here_ / "none"};
        sealed_.opens({here_ / "waypost.db", here_ / "backups", plan, 0});
    }
    std::string restore(const std::string& name = kCopy, std::string folder = {}) {
        if (folder.empty()) folder = here_ / "share";
        const auto done = sealed_.restore(folder, name, Secret(here_.read("key")));
        return done.ok() ? std::string() : to_string(done.error().code);
    }
    const Folder here_;
    Result<void> answer_;
    std::vector<std::string> wished_;
    SealedRestore sealed_{[this](std::string folder) {
        wished_.push_back(std::move(folder));
        return answer_;
    }};
    const std::string opened_ = opened_folder(here_ / "waypost.db");
};

TEST_F(Sealed, AreFoundOnTheBoxAndWhereItMakesThem) {
    std::vector<std::string> all;
    for (const SealedCopy& each : sealed_.all()) {
        all.push_back(each.folder + '/' + each.name);
        EXPECT_GT(each.bytes, 200u);
        EXPECT_GT(each.at_ms, 0);
    }
    EXPECT_EQ(all, (std::vector<std::string>{here_ / "backups/waypost-dale.example-000007.tar.age",
                                             here_ / ("share/" + std::string(kCopy)),
                                             here_ / "share/waypost-hill.example-000001.tar.age"}));
}

TEST_F(Sealed, IsOpenedAndWishedFor) {
    ASSERT_EQ(restore(), "");
    EXPECT_EQ(wished_, std::vector<std::string>{opened_});
    EXPECT_TRUE(fs::exists(opened_ + "/waypost.db"));
    EXPECT_EQ(restore(), "busy") << "the gateway is about to close";
    opens();
    EXPECT_FALSE(fs::exists(opened_)) << "nothing in clear stays";
    EXPECT_EQ(restore("waypost-dale.example-000007.tar.age", here_ / "backups"), "");
}

TEST_F(Sealed, OnlyWhatIsListedIsOpened) {
    EXPECT_EQ(restore("waypost-hill.example-000003.tar.age"), "not-found");
    EXPECT_EQ(restore(std::string("../share/") + kCopy, here_ / "backups"), "not-found");
    EXPECT_EQ(restore("key", here_.make("")), "not-found");
    EXPECT_TRUE(wished_.empty());
}

TEST_F(Sealed, WhatIsRefusedLeavesNothing) {
    answer_ = Error{Code::Busy, "it restarts already", true};
    EXPECT_EQ(restore(), "busy");
    EXPECT_FALSE(fs::exists(opened_));
    here_.put("key", "no key\n");
    EXPECT_EQ(restore(), "bad-input");
    EXPECT_EQ(wished_.size(), 1u);
}

TEST_F(Sealed, EndsWhenTheGatewayCloses) {
    sealed_.closes();
    EXPECT_EQ(restore(), "busy");
    EXPECT_FALSE(fs::exists(opened_));
    opens();
    EXPECT_EQ(restore(), "");
}

}  // namespace
}  // namespace waypost
