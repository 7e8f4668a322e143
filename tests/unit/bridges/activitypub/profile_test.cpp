// SPDX-License-Identifier: Apache-2.0
// Who of the village is to be seen in the fediverse, and by whom; in whose name posts leave.
#include <gtest/gtest.h>

#include <future>

#include "bridges/activitypub/outgoing.h"
#include "bridges/activitypub/pages.h"
#include "bridges/activitypub/vocab/json_read.h"
#include "inbox_village.h"

namespace waypost::activitypub {
namespace {

class ProfileTest : public ::testing::Test, protected InboxVillage {
  protected:
    ProfileTest() {
        people.add("kim").minor = true;
        people.add("ben").profile = Profile::None;
        people.add("carl").profile = Profile::Listed;
        people.add_group("news");
        people.group_members["news"] = {{public_address("hill.example"), {}, false}};
        people.add_group("inner");
    }
    Answer get(const std::string& path, const std::string& accept = std::string(kActivityJson)) {
        Request request;
        request.method = "GET";
        request.path = path.substr(0, path.find('?'));
        request.target = path;
        request.headers = {{"host", "hill.example"}, {"accept", accept}};
        if (const std::size_t at = path.find("resource="); at != std::string::npos)
            request.query["resource"] = path.substr(at + 9);
        return pages.get(request);
    }
    int finger(const std::string& name) {
        return get("/.well-known/webfinger?resource=acct:" + name + "@hill.example").status;
    }
    // What became of this delivery.
    Outcome sent(Delivery delivery) {
        Outgoing outgoing(gate, 1);
        std::promise<void> reported;
        office.on_report = [&] { reported.set_value(); };
        outgoing.deliver(std::move(delivery));
        outgoing.start();
        reported.get_future().wait();
        outgoing.stop();
        office.on_report = {};
        return office.reports.back().second;
    }
    Delivery post(const std::string& from, const std::string& text) {
        Delivery d;
        d.attempt = {++deliveries_, 1};
        d.to = public_address("hill.example");
        d.from = mailto(from, "hill.example");
        d.text = text;
        d.written = office.clock().wall();
        return d;
    }
    // The newest note that this actor shows.
    Json::Ptr newest(const std::string& author) {
        const auto open = posts.open(author);
        return open.empty() ? Json::Ptr() : *read_json(posts.find(open.front())->json);
    }

    Pages pages{gate};
    DeliveryId deliveries_ = 0;
};

TEST_F(ProfileTest, AChildAndWhoWantsNoneAreNobody) {
    EXPECT_EQ(finger("ana"), 200);
    for (const char* name : {"kim", "ben"}) {
        EXPECT_EQ(finger(name), 404) << name;
        const std::string path = std::string("/ap/") + name;
        for (const char* below : {"", "/outbox", "/followers", "/following", "/notes/1"})
            EXPECT_EQ(get(path + below).status, 404) << name << below;
        EXPECT_EQ(get(path, "text/html").status, 404) << name;
    }
    EXPECT_EQ(finger("inner"), 404) << "a group that is not published";
}

TEST_F(ProfileTest, NothingReachesThemAndNobodyFollowsThem) {
    for (const char* name : {"kim", "ben"}) {
        const std::string id = site.actor(name).id();
        EXPECT_EQ(bob_posts(R"("type":"Follow","id":")" + server.url("/f/") + name +
                            R"(","object":")" + id + '"'),
                  404)
            << name;
        EXPECT_EQ(bob_posts(R"("type":"Create","id":")" + server.url("/n/") + name +
                            R"(#create","object":{"type":"Note","id":")" + server.url("/n/") +
                            name + R"(","attributedTo":")" + server.bob() +
                            R"(","content":"Hi","to":[")" + id + R"("]})"),
                  202)
            << name;
        EXPECT_EQ(followers.count(name), 0u);
    }
    EXPECT_TRUE(office.accepted.empty());
}

TEST_F(ProfileTest, SearchIsForWhoWantsIt) {
    const auto says = [&](const std::string& name, const std::string& key) {
        return is_true_at(**read_json(get("/ap/" + name).body), key);
    };
    for (const char* key : {"indexable", "discoverable"}) {
        EXPECT_TRUE(says("carl", key));
        for (const char* name : {"ana", "news", "hill.example"})
            EXPECT_FALSE(says(name, key)) << name;
    }
    EXPECT_EQ(get("/ap/ana", "text/html").headers["X-Robots-Tag"], "noindex, nofollow");
    EXPECT_EQ(get("/ap/carl", "text/html").headers.count("X-Robots-Tag"), 0u);
}

TEST_F(ProfileTest, PostsSayInWhichLanguageTheyAre) {
    people.residents["carl"].language = "sw";
    EXPECT_EQ(sent(post("carl", "Habari")).kind, Outcome::Kind::Sent);
    const auto note = newest("carl");
    ASSERT_TRUE(note);
    EXPECT_EQ(string_at(*object_at(*note, "contentMap"), "sw"), string_at(*note, "content"));
    EXPECT_EQ(sent(post("ana", "Hello")).kind, Outcome::Kind::Sent);
    EXPECT_FALSE(newest("ana")->has("contentMap")) << "nobody knows";
}

TEST_F(ProfileTest, WhatTheVillageSaysIsItsOwnInItsLanguage) {
    people.village_language = "es";
    Delivery box = post("postmaster", "Alarma");
    box.from_name = "hill post";
    box.automatic = true;
    EXPECT_EQ(sent(box).kind, Outcome::Kind::Sent);
    const auto by_box = newest("hill.example");
    ASSERT_TRUE(by_box);
    EXPECT_EQ(string_at(*object_at(*by_box, "source"), "content"), "Alarma");
    EXPECT_TRUE(object_at(*by_box, "contentMap")->has("es"));
    Delivery group = post("news", "Alarma");
    group.references = {string_at(*by_box, "id")};
    EXPECT_EQ(sent(group).kind, Outcome::Kind::Sent);
    const auto by_group = newest("news");
    ASSERT_TRUE(by_group);
    EXPECT_EQ(string_at(*by_group, "attributedTo"), site.actor("news").id());
    EXPECT_EQ(string_at(*object_at(*by_group, "source"), "content"), "Alarma");
    EXPECT_EQ(string_at(*by_group, "inReplyTo"), string_at(*by_box, "id"));
    EXPECT_EQ(sent(post("inner", "x")).kind, Outcome::Kind::Sent);
    EXPECT_TRUE(posts.open("inner").empty()) << "it is not published";
}

TEST_F(ProfileTest, InTheNameOfWhoHasNoProfileNothingLeaves) {
    for (const char* name : {"ben", "kim"}) {
        Delivery letter = post(name, "Hi");
        EXPECT_EQ(sent(letter).kind, Outcome::Kind::Failed) << name;
        letter.attempt.delivery = ++deliveries_;
        letter.to = {"acct", "bob@" + server.peer.host()};
        const Outcome outcome = sent(letter);
        EXPECT_EQ(outcome.kind, Outcome::Kind::Failed) << name;
        EXPECT_EQ(outcome.detail, "its author has no profile in the fediverse");
        EXPECT_TRUE(posts.open(name).empty());
    }
}

}  // namespace
}  // namespace waypost::activitypub
