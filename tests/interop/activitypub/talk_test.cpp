// SPDX-License-Identifier: Apache-2.0
// Conversations between a radio and people on two other servers, as each of them sees it.
#include <Poco/JSON/Array.h>

#include "tests/interop/activitypub/story.h"

namespace waypost::interop {
namespace {

class FediverseTalk : public FediverseStory {
  protected:
    static void SetUpTestSuite() {
        open({}, true);
        meet("ana", "@bob@dale.test");
        meet("ana", "@alice@oak.test");
        fedify_->waits_for("Create", "Good day");
        if (!snac_->shows("alice", "Good day")) throw std::runtime_error("nobody meets alice");
    }
    static void TearDownTestSuite() { close(); }

    // What alice was told of, or wrote; by her API.
    static Poco::JSON::Object::Ptr status_that_says(const std::string& text) {
        Poco::JSON::Object::Ptr wanted;
        eventually([&] {
            for (const char* list : {"/api/v1/notifications", "/api/v1/timelines/home"}) {
                const auto all = Poco::JSON::Parser()
                                     .parse(snac_->api("alice", "GET", list))
                                     .extract<Poco::JSON::Array::Ptr>();
                for (const auto& each : *all) {
                    auto status = each.extract<Poco::JSON::Object::Ptr>();
                    if (status->has("status")) status = status->getObject("status");
                    if (!status) continue;
                    const auto content = status->optValue<std::string>("content", "");
                    if (content.find(text) != std::string::npos) wanted = status;
                }
            }
            return !wanted.isNull();
        });
        if (!wanted) throw std::runtime_error("alice does not see: " + text);
        return wanted;
    }
    static std::string text_at(const Poco::JSON::Object::Ptr& json, const std::string& key) {
        return json->optValue<std::string>(key, "");
    }
    static void alice_answers(const std::string& to, const std::string& text) {
        snac_->api("alice", "POST", "/api/v1/statuses",
                   {"status=" + hill_->handle("ana") + ' ' + text, "visibility=direct",
                    "in_reply_to_id=" + text_at(status_that_says(to), "id")});
    }
    static void ana_answers(const std::string& to, const std::string& text) {
        ASSERT_TRUE(shows("ana", "", to));
        type("ana", '*' + number_of_line("ana", to) + ' ' + text);
    }
};

TEST_F(FediverseTalk, AThreadWithBobStaysOne) {
    type("ana", "@bob@dale.test Who has a pump?");
    const std::string asked = text_at(note_that_says("Who has a pump?"), "id");
    const std::string offer = direct("bob", "I have one", "ana", {{"reply_to", asked}});
    ana_answers("I have one", "When may I come?");
    const auto when = note_that_says("When may I come?");
    EXPECT_EQ(text_at(when, "inReplyTo"), offer);
    const std::string noon = direct("bob", "At noon", "ana", {{"reply_to", text_at(when, "id")}});
    ana_answers("At noon", "I bring bread");
    const auto bread = note_that_says("I bring bread");
    EXPECT_EQ(text_at(bread, "inReplyTo"), noon);
    EXPECT_NE(fedify_->waits_for("Create", "I bring bread").json.find(fedify_->actor("bob")),
              std::string::npos);
    EXPECT_EQ(fedify_->waits_for("Create", "I bring bread").json.find("#Public"),
              std::string::npos);
}

TEST_F(FediverseTalk, AThreadWithAliceToo) {
    type("ana", "@alice@oak.test Who has rope?");
    alice_answers("Who has rope?", "How much of it?");
    ana_answers("How much of it?", "Thirty metres");
    const auto metres = status_that_says("Thirty metres");
    EXPECT_EQ(text_at(metres, "in_reply_to_id"),
              text_at(status_that_says("How much of it?"), "id"));
    alice_answers("Thirty metres", "Come by");
    ana_answers("Come by", "Thank you, Alice");
    EXPECT_EQ(text_at(status_that_says("Thank you, Alice"), "in_reply_to_id"),
              text_at(status_that_says("Come by"), "id"));
}

// Bob's followers are whom he chose; the village is one of them and tells nobody.
TEST_F(FediverseTalk, WhatIsForFollowersIsNoPost) {
    type("ana", "#+@bob@dale.test");
    EXPECT_TRUE(shows("ana", "You are in #bob@dale.test"));
    ASSERT_TRUE(eventually([&] { return fedify_->followers("bob").size() == 1; }));
    const auto posts = [](const std::string& text, const std::string& to,
                          const std::vector<std::string>& mention = {}) {
        fedify_->deed(
            "note",
            {{"as", "bob"}, {"text", text}, {"to", to}, {"mention", Fedify::list(mention)}});
    };
    posts("My daughter is ill", "followers");
    posts("Market on Friday", "public");
    EXPECT_TRUE(shows("ana", "", "Market on Friday"));
    EXPECT_FALSE(showed("My daughter is ill"));
    // She is named in one of them: it is a letter to her, and her answer is for him alone.
    posts("Ana may come", "followers", {hill_->handle("ana")});
    ana_answers("Ana may come", "At six then");
    const auto six = fedify_->waits_for("Create", "At six then");
    EXPECT_EQ(six.json.find("#Public"), std::string::npos);
    EXPECT_EQ(six.json.find("/followers"), std::string::npos);
    type("ana", "#-bob@dale.test");
}

TEST_F(FediverseTalk, AContentWarningGoesBothWays) {
    direct("bob", "One sits in the mill", "ana", {{"warning", "spiders"}});
    EXPECT_TRUE(shows("ana", "", ": CW: spiders. One sits in the mill"));
    type("ana", "@bob@dale.test CW: snakes. One lies at the ford");
    const auto snake = note_that_says("One lies at the ford");
    EXPECT_EQ(text_at(snake, "summary"), "snakes");
    EXPECT_EQ(text_at(snake, "content").find("snakes"), std::string::npos);

    type("ana", "@alice@oak.test CW: blood. The goat has young");
    EXPECT_EQ(text_at(status_that_says("The goat has young"), "spoiler_text"), "blood");
    snac_->api("alice", "POST", "/api/v1/statuses",
               {"status=" + hill_->handle("ana") + " How many", "visibility=direct",
                "spoiler_text=goats"});
    EXPECT_TRUE(shows("ana", "", ": CW: goats. How many"));
}

TEST_F(FediverseTalk, ABoostIsReadOnce) {
    publish_news();
    alice_follows_news();
    type("ana", "#news The well is clean");
    const std::string post = text_at(status_that_says("The well is clean"), "uri");
    const std::string before = hill_->handhelds().seen();
    snac_->boost("alice", post);
    EXPECT_TRUE(trace_says("liked 0, shared 1"));
    fedify_->deed("announce", {{"as", "bob"}, {"object", post}});
    EXPECT_TRUE(trace_says("liked 0, shared 2"));
    EXPECT_EQ(hill_->handhelds().seen(), before) << "it costs no airtime";
}

TEST_F(FediverseTalk, ABoostOfHerPostShowsAsRead) {
    type("ana", "#public The oven is hot");
    EXPECT_TRUE(shows("ana", "All the world can read it"));
    type("ana", "1");
    ASSERT_TRUE(eventually([] { return showed("kept > #public"); }));
    const std::string post = last_post_of("ana");
    fedify_->deed("announce", {{"as", "bob"}, {"object", post}});
    EXPECT_TRUE(trace_says("liked 0, shared 1"));
    const std::string number = number_of_line("ana", "kept > #public");
    type("ana", '?' + number);
    EXPECT_TRUE(shows("ana", number + " public: read ", " ago"));
}

// Ben blocks carol: nobody is told, and nothing of her reaches him.
TEST_F(FediverseTalk, AVillagerBlocks) {
    meet("ben", "@carol@dale.test");
    fedify_->waits_for("Create", hill_->actor("ben"));
    direct("carol", "Buy my tonic", "ben");
    ASSERT_TRUE(shows("ben", "", "Buy my tonic"));
    const std::size_t told = fedify_->got().size();
    type("ben", "@-" + number_of_line("ben", "Buy my tonic"));
    EXPECT_TRUE(shows("ben", "carol@dale.test is blocked"));
    direct("carol", "Why so quiet", "ben");
    EXPECT_TRUE(eventually([&] {
        return hill_->waypost("status").find("\n      refused: 0\n") == std::string::npos;
    }));
    fedify_->deed("note", {{"as", "carol"},
                           {"text", "Look at this, Ben"},
                           {"mention", Fedify::list({hill_->handle("ben")})}});
    const auto follow = fedify_->deed("follow", {{"as", "carol"}, {"whom", hill_->handle("ben")}});
    EXPECT_EQ(fedify_->waits_for("Reject", text_of(follow, "id")).actor, hill_->actor("ben"));
    // Ana is not Ben.
    type("ana", "@carol@dale.test Ben is busy");
    fedify_->waits_for("Create", "Ben is busy");
    direct("carol", "Good day to you", "ana");
    EXPECT_TRUE(shows("ana", "", "Good day to you"));
    for (const char* never : {"Why so quiet", "Look at this"}) EXPECT_FALSE(showed(never));
    EXPECT_TRUE(fedify_->got("Block").empty());
    const auto all = fedify_->got();
    for (std::size_t i = told; i < all.size(); ++i) {
        if (all[i].actor != hill_->actor("ben")) continue;
        EXPECT_EQ(all[i].type, "Reject");
    }
}

}  // namespace
}  // namespace waypost::interop
