// SPDX-License-Identifier: Apache-2.0
// Alarms that the village tells the world of, read by a server of another maker (Fedify): by the
// box's own name, by a published group, and not at all, as it is without the setting.
#include "tests/interop/activitypub/story.h"

namespace waypost::interop {
namespace {

class FediverseAlarm : public FediverseStory {
  protected:
    static void SetUpTestSuite() { world_ = std::make_unique<Fediverse>(); }
    static void TearDownTestSuite() { close(); }
    void TearDown() override {
        FediverseStory::TearDown();
        hill_.reset();
        fedify_.reset();
    }
    // Each its own: Fedify would remember the keys of a box that is no more. `more` of [box].
    static void begin(const std::string& more) {
        fedify_ = std::make_unique<Fedify>(*world_, "dale.test",
                                           std::vector<std::string>{"bob", "carol"});
        hill_ = std::make_unique<Hill>(*world_, "", "", "responders = [\"ben\"]\n" + more);
    }
    static void follow(const std::string& as, const std::string& name) {
        fedify_->deed("follow", {{"as", as}, {"whom", hill_->handle(name)}});
        fedify_->waits_for("Accept", hill_->actor(name));
    }
};

TEST_F(FediverseAlarm, TheBoxTellsOfItAndThatItIsOver) {
    begin("publish_alarms = \"box\"\n");
    follow("bob", "hill.test");
    type("ana", "SOS TEST");
    EXPECT_TRUE(shows("ana", "DRILL"));
    type("ana", "SOS fire at the old mill");
    const auto first = fedify_->waits_for("Create", "fire at the old mill");
    EXPECT_EQ(first.actor, hill_->actor("hill.test"));
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
    EXPECT_EQ(copies("Alarm in hill"), 1);
    EXPECT_EQ(copies("DRILL"), 0);
}

// Killed when the alarm is on disk: what its post is, is on disk too.
TEST_F(FediverseAlarm, AGroupTellsOfItOnceThroughAKill) {
    begin("publish_alarms = \"news\"\n");
    hill_->waypost("groups add news --title \"News of the hill\"");
    hill_->waypost("groups join news acct:public@hill.test");
    follow("carol", "news");
    hill_->box().stop();
    hill_->box().start("outcome-known");
    type("ana", "SOS the dam leaks");
    EXPECT_TRUE(eventually([&] { return hill_->box().died(); }));
    hill_->box().start();
    const auto post = fedify_->waits_for("Create", "the dam leaks");
    EXPECT_EQ(post.actor, hill_->actor("news"));
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
    fedify_->deed("follow", {{"as", "carol"}, {"whom", hill_->handle("ana")}});
    ASSERT_TRUE(shows("ana", "Mail held from carol@dale.test"));
    type("ana", "@carol@dale.test Hello");
    fedify_->waits_for("Accept", hill_->actor("ana"));
    type("ana", "SOS snow on the roof");
    ASSERT_TRUE(shows("ben", "ALARM 1 ana: snow on the roof"));
    // What is posted after it has come, and it has not.
    type("ana", "#public The road is open");
    ASSERT_TRUE(shows("ana", "All the world"));
    type("ana", "1");
    fedify_->waits_for("Create", "The road is open");
    EXPECT_EQ(copies("snow on the roof"), 0);
    EXPECT_EQ(hill_->waypost("trace 3").find("published"), std::string::npos);
}

}  // namespace
}  // namespace waypost::interop
