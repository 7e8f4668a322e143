// SPDX-License-Identifier: Apache-2.0
// Alarms that the village tells the world of, read by a server of another maker (Fedify): by the
// box's own name, by a published group, and not at all, as it is without the setting.
#include <gtest/gtest.h>

#include <iostream>

#include "tests/interop/activitypub/fedify.h"
#include "tests/interop/activitypub/hill.h"

namespace waypost::interop {
namespace {

class FediverseAlarm : public ::testing::Test {
  protected:
    static void SetUpTestSuite() { world_ = std::make_unique<Fediverse>(); }
    static void TearDownTestSuite() { world_.reset(); }
    // `more` of [box].
    void begin(const std::string& more) {
        box_ = std::make_unique<BoxProcess>(
            folder_,
            "responders = [\"ben\"]\n" + more + "[store]\nkeep_free = \"1MiB\"\n" +
                handhelds_.settings() + activitypub_settings(*world_),
            "hill.test");
        waypost("people add ana --radio meshtastic:!0000000a");
        waypost("people add ben --radio meshtastic:!0000000b");
        ASSERT_TRUE(box_->status_says("meshtastic.roof: works")) << box_->log();
        ASSERT_TRUE(box_->status_says("activitypub.home: works")) << box_->log();
    }
    void TearDown() override {
        if (HasFailure())
            std::cerr << handhelds_.seen() << box_->log() << waypost("status") << box_->traces(12)
                      << fedify_->log();
    }
    std::string waypost(const std::string& arguments) const { return box_->waypost(arguments); }
    std::string actor(const std::string& name) const { return "https://hill.test/ap/" + name; }
    void type(const std::string& who, const std::string& text) { handhelds_.type(who, text); }
    bool shows(const std::string& who, const std::string& begin) {
        return handhelds_.shows_some(who, begin);
    }
    void follow(const std::string& as, const std::string& name) {
        fedify_->deed("follow", {{"as", as}, {"whom", '@' + name + "@hill.test"}});
        fedify_->waits_for("Accept", actor(name));
    }
    std::size_t creates_with(const std::string& text) const {
        std::size_t count = 0;
        for (const auto& each : fedify_->got("Create"))
            if (each.json.find(text) != std::string::npos) ++count;
        return count;
    }

    static inline std::unique_ptr<Fediverse> world_;
    // Each its own: it would remember the keys of a box that is no more.
    const std::unique_ptr<Fedify> fedify_ =
        std::make_unique<Fedify>(*world_, "dale.test", std::vector<std::string>{"bob", "carol"});
    const Folder folder_;
    Handhelds handhelds_{{"ana", "ben"}};
    std::unique_ptr<BoxProcess> box_;
};

TEST_F(FediverseAlarm, TheBoxTellsOfItAndThatItIsOver) {
    begin("publish_alarms = \"box\"\n");
    follow("bob", "hill.test");
    type("ana", "SOS TEST");
    EXPECT_TRUE(shows("ana", "DRILL"));
    type("ana", "SOS fire at the old mill");
    const auto first = fedify_->waits_for("Create", "fire at the old mill");
    EXPECT_EQ(first.actor, actor("hill.test"));
    EXPECT_NE(first.json.find("Alarm in hill"), std::string::npos);
    EXPECT_NE(first.json.find("#Public"), std::string::npos);
    EXPECT_EQ(first.json.find("ana"), std::string::npos) << first.json;
    ASSERT_TRUE(shows("ben", "ALARM 1 ana: fire at the old mill"));
    type("ben", "*1 coming");
    const auto second = fedify_->waits_for("Create", "is being answered");
    const std::string id = first.id.substr(0, first.id.rfind('#'));
    EXPECT_NE(second.json.find("\"inReplyTo\":\"" + id + '"'), std::string::npos) << second.json;
    EXPECT_EQ(second.json.find("coming"), std::string::npos) << second.json;
    type("ben", "-1");
    EXPECT_TRUE(shows("ben", "Close ALARM 1"));
    type("ben", "1");
    const auto last = fedify_->waits_for("Create", "is over");
    EXPECT_NE(last.json.find("\"inReplyTo\":\"" + id + '"'), std::string::npos) << last.json;
    EXPECT_EQ(creates_with("Alarm in hill"), 1u);
    EXPECT_EQ(creates_with("DRILL"), 0u);
}

// Killed when the alarm is on disk: what its post is, is on disk too.
TEST_F(FediverseAlarm, AGroupTellsOfItOnceThroughAKill) {
    begin("publish_alarms = \"news\"\n");
    waypost("groups add news --title \"News of the hill\"");
    waypost("groups join news acct:public@hill.test");
    follow("carol", "news");
    box_->stop();
    box_->start("outcome-known");
    type("ana", "SOS the dam leaks");
    EXPECT_TRUE(eventually([&] { return box_->died(); }));
    box_->start();
    const auto post = fedify_->waits_for("Create", "the dam leaks");
    EXPECT_EQ(post.actor, actor("news"));
    EXPECT_TRUE(shows("ben", "ALARM 1 ana: the dam leaks"));
    type("ben", "*1 coming");
    fedify_->waits_for("Create", "is being answered");
    for (const auto& each : fedify_->got("Create")) {
        if (each.json.find("the dam leaks") != std::string::npos) {
            EXPECT_EQ(each.id, post.id);
        }
    }
}

TEST_F(FediverseAlarm, WithoutTheSettingTheWorldHearsNothing) {
    begin("");
    follow("bob", "hill.test");
    fedify_->deed("follow", {{"as", "carol"}, {"whom", "@ana@hill.test"}});
    ASSERT_TRUE(shows("ana", "Mail held from carol@dale.test"));
    type("ana", "@carol@dale.test Hello");
    fedify_->waits_for("Accept", actor("ana"));
    type("ana", "SOS snow on the roof");
    ASSERT_TRUE(shows("ben", "ALARM 1 ana: snow on the roof"));
    // What is posted after it has come, and it has not.
    type("ana", "#public The road is open");
    ASSERT_TRUE(shows("ana", "All the world"));
    type("ana", "1");
    fedify_->waits_for("Create", "The road is open");
    EXPECT_EQ(creates_with("snow on the roof"), 0u);
    EXPECT_EQ(waypost("trace 3").find("published"), std::string::npos);
}

}  // namespace
}  // namespace waypost::interop
