// SPDX-License-Identifier: Apache-2.0
// What one of ours takes back: who is asked to delete it, and what stays here.
#include "bridges/activitypub/deletions.h"

#include <Poco/JSON/Object.h>
#include <Poco/JSON/Parser.h>
#include <gtest/gtest.h>

#include <set>

#include "bridges/activitypub/pictures/media.h"
#include "inbox_village.h"

namespace waypost::activitypub {
namespace {

constexpr char kId[] = "https://hill.example/ap/ana/notes/7";

class DeletionsTest : public ::testing::Test, protected InboxVillage {
  protected:
    void posted(bool open) {
        Post post{kId, R"({"id":"x"})", open, {}, now(), 0};
        if (!open) post.readers = {"https://a.example/bob"};
        if (!open) post.inbox = "https://a.example/bob/inbox";
        posts.put("ana", post);
    }
    void follows_ana(const std::string& host) {
        Follower follower;
        follower.actor = "https://" + host + "/u";
        follower.inbox = "https://" + host + "/inbox";
        followers.put("ana", follower);
    }
    // To whom a deletion waits to be sent, in the state.
    std::set<std::string> waiting() const {
        std::set<std::string> all;
        for (const auto& [key, text] : state.with_prefix("send/")) {
            const auto row = Poco::JSON::Parser().parse(text).extract<Poco::JSON::Object::Ptr>();
            all.insert(row->getValue<std::string>("inbox"));
        }
        return all;
    }
    std::string deletion() const {
        return state.get(std::string("body/delete ") + kId).value_or("");
    }

    Deletions deletions{gate};
};

using Inboxes = std::set<std::string>;

TEST_F(DeletionsTest, TheReaderOfALetterIsAsked) {
    posted(false);
    const Outcome became = deletions.take_back(kId);
    EXPECT_EQ(became.kind, Outcome::Kind::Sent);
    EXPECT_EQ(became.code, "1");
    EXPECT_EQ(waiting(), Inboxes{"https://a.example/bob/inbox"});
    const auto activity = parse_activity(deletion());
    ASSERT_TRUE(activity.ok()) << activity.error().text;
    EXPECT_EQ(activity->type, "Delete");
    EXPECT_EQ(activity->object, kId);
    EXPECT_EQ(activity->actor, "https://hill.example/ap/ana");
    EXPECT_EQ(activity->to, std::vector<std::string>{"https://a.example/bob"});
    EXPECT_NE(posts.find(kId)->gone, 0);
    EXPECT_TRUE(posts.find(kId)->json.empty());
}

TEST_F(DeletionsTest, AllThatMayHaveAPostAreAsked) {
    follows_ana("a.example");
    follows_ana("b.example");
    posted(true);
    followers.remove("ana", "https://b.example/u");
    posts.react(kId, "https://c.example/eve", true, "https://c.example/inbox");
    posts.react("https://hill.example/ap/ana/notes/77", "https://d.example/eve", true,
                "https://d.example/inbox");
    EXPECT_EQ(deletions.take_back(kId).code, "3");
    EXPECT_EQ(waiting(), (Inboxes{"https://a.example/inbox", "https://b.example/inbox",
                                  "https://c.example/inbox"}));
    EXPECT_EQ(parse_activity(deletion())->to, std::vector<std::string>{std::string(kPublic)});
    EXPECT_TRUE(posts.open("ana").empty());
    EXPECT_TRUE(posts.reacted(kId).empty());
}

TEST_F(DeletionsTest, ServersAreCountedAndNotTheirInboxes) {
    follows_ana("a.example");
    Follower other;
    other.actor = "https://a.example/v";
    other.inbox = "https://a.example/v/inbox";
    followers.put("ana", other);
    posted(true);
    EXPECT_EQ(deletions.take_back(kId).code, "1");
    EXPECT_EQ(waiting().size(), 2u);
}

TEST_F(DeletionsTest, ARepeatSaysTheSameAndAsksNobodyAgain) {
    follows_ana("a.example");
    posted(true);
    EXPECT_EQ(deletions.take_back(kId).code, "1");
    follows_ana("b.example");
    EXPECT_EQ(deletions.take_back(kId).code, "1");
    EXPECT_EQ(waiting(), Inboxes{"https://a.example/inbox"});
}

TEST_F(DeletionsTest, APostThatNobodyWasSentIsGoneHere) {
    posted(true);
    const Outcome became = deletions.take_back(kId);
    EXPECT_EQ(became.kind, Outcome::Kind::Sent);
    EXPECT_EQ(became.code, "0");
    EXPECT_NE(posts.find(kId)->gone, 0);
    EXPECT_EQ(deletion(), "") << "nothing is kept that nobody waits for";
}

TEST_F(DeletionsTest, AGravestoneStaysForSixtyDaysHoweverOldThePostWas) {
    posted(true);
    office.time().advance(std::chrono::hours(24 * 61));
    EXPECT_EQ(deletions.take_back(kId).kind, Outcome::Kind::Sent);
    posts.forget_old();
    ASSERT_TRUE(posts.find(kId));
    EXPECT_EQ(deletions.take_back(kId).kind, Outcome::Kind::Sent);
    office.time().advance(std::chrono::hours(24 * 61));
    posts.forget_old();
    EXPECT_FALSE(posts.find(kId));
}

TEST_F(DeletionsTest, ItsPicturesGoWithIt) {
    const std::string name = std::string(32, 'a') + ".jpg";
    Media media(state);
    media.put(kId, {{{name, "a ford", 2, 1}, "JPEG"}}, now(), 1000);
    ASSERT_TRUE(media.find(name));
    posted(true);
    deletions.take_back(kId);
    EXPECT_FALSE(media.find(name));
}

TEST_F(DeletionsTest, WhatIsNotKnownHereCannotBeTakenBack) {
    EXPECT_EQ(deletions.take_back(kId).kind, Outcome::Kind::Failed);
    EXPECT_EQ(deletions.take_back("https://x.example/notes/7").kind, Outcome::Kind::Failed);
    EXPECT_EQ(deletions.take_back("no id").kind, Outcome::Kind::Failed);
    EXPECT_TRUE(waiting().empty());
}

TEST_F(DeletionsTest, NothingIsSaidBeforeItIsOnDisk) {
    posted(false);
    office.disk().full = true;
    EXPECT_EQ(deletions.take_back(kId).kind, Outcome::Kind::Retry);
    office.disk().full = false;
    EXPECT_EQ(deletions.take_back(kId).code, "1");
}

TEST_F(DeletionsTest, WhoWasForgottenIsNotAsked) {
    follows_ana("a.example");
    posted(true);
    followers.remove("ana", "https://a.example/u");
    followers.forget_left("ana", "https://a.example/inbox");
    EXPECT_EQ(deletions.take_back(kId).code, "0");
}

}  // namespace
}  // namespace waypost::activitypub
