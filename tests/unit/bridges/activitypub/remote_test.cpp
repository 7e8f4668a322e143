// SPDX-License-Identifier: Apache-2.0
// Actors and notes of other servers, fetched and kept, and what is posted there.
#include "bridges/activitypub/remote/remote.h"

#include <gtest/gtest.h>

#include "tests/unit/bridges/activitypub/social_server.h"

namespace waypost::activitypub {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

PeerAnswer status(int code) { return {code, "text/plain", "no", {}}; }

template <class Value>
Error error_of(const Result<Value>& result) {
    return result.ok() ? Error{Code::Internal, "it went well", false} : result.error();
}

struct RemoteTest : testing::Test {
    RemoteTest() { server.document("/users/bob", server.actor_json("bob", "PEM")); }
    SocialServer server;
    Box box{server};
};

TEST_F(RemoteTest, AnActorIsFetchedSignedAndKept) {
    const auto bob = box.remote->actor(server.bob());
    ASSERT_TRUE(bob.ok()) << bob.error().text;
    EXPECT_EQ(bob->id, server.bob());
    EXPECT_EQ(bob->preferred_username, "bob");
    EXPECT_EQ(bob->shared_inbox, server.url("/inbox"));
    ASSERT_EQ(server.peer.asked().size(), 1u);
    const PeerRequest asked = server.peer.asked().front();
    EXPECT_TRUE(box.signed_by_us(asked, server.peer.host(), Flavour::Cavage));
    EXPECT_EQ(asked.header("accept").rfind("application/activity+json", 0), 0u);

    box.clock.advance(hours(23));
    EXPECT_TRUE(box.remote->actor(server.bob()).ok());
    box.start();  // from what is on disk
    const auto again = box.remote->actor(server.bob());
    ASSERT_TRUE(again.ok());
    EXPECT_EQ(again->inbox, bob->inbox);
    EXPECT_EQ(again->shared_inbox, bob->shared_inbox);
    EXPECT_EQ(again->followers, bob->followers);
    EXPECT_EQ(again->name, bob->name);
    EXPECT_EQ(again->key_id, bob->key_id);
    EXPECT_EQ(again->key_pem, bob->key_pem);
    EXPECT_EQ(server.peer.asked().size(), 1u);

    box.clock.advance(hours(2));
    EXPECT_TRUE(box.remote->actor(server.bob()).ok());
    EXPECT_EQ(server.peer.asked().size(), 2u) << "after a day it is asked for again";
    EXPECT_TRUE(box.remote->knows(server.bob()));
    box.remote->forget(server.bob());
    EXPECT_FALSE(box.remote->knows(server.bob()));
    EXPECT_TRUE(box.state.values.empty());
    EXPECT_TRUE(box.remote->actor(server.bob()).ok());
    EXPECT_EQ(server.peer.asked().size(), 3u);
}

TEST_F(RemoteTest, AllThatIsKeptOfAnActorComesBack) {
    const std::string id = server.url("/users/eve");
    server.document(
        "/users/eve",
        R"({"id":")" + id + R"(","type":"Service","preferredUsername":"eve","name":"Eve <b>",)" +
            R"("summary":"<p>goats #nobridge</p>","url":")" + server.url("/@eve") +
            R"(","inbox":")" + id + R"(/in","outbox":")" + id + R"(/out","movedTo":")" +
            server.url("/users/eva") + R"(","alsoKnownAs":[")" + server.url("/users/old") +
            R"("],"manuallyApprovesFollowers":true,"assertionMethod":[{"id":")" + id +
            R"(#ed","type":"Multikey","controller":")" + id + R"(","publicKeyMultibase":)" +
            R"("z6Mkh4LmfP1ev9MNPGr7JbEbtD6BD4fsu1duEj83PMCs3xHG"}]})");
    const auto eve = box.remote->actor(id);
    ASSERT_TRUE(eve.ok()) << eve.error().text;
    box.start();
    const auto again = box.remote->actor(id);
    ASSERT_TRUE(again.ok()) << again.error().text;
    EXPECT_EQ(server.asked("/users/eve"), 1);
    EXPECT_EQ(again->type, "Service");
    EXPECT_EQ(again->name, eve->name);
    EXPECT_EQ(again->summary, eve->summary);
    EXPECT_EQ(again->url, server.url("/@eve"));
    EXPECT_EQ(again->outbox, id + "/out");
    EXPECT_EQ(again->moved_to, server.url("/users/eva"));
    EXPECT_EQ(again->also_known_as, std::vector<std::string>{server.url("/users/old")});
    EXPECT_TRUE(again->locked);
    EXPECT_TRUE(again->no_bridge);
    EXPECT_EQ(again->ed25519, eve->ed25519);
    EXPECT_EQ(again->ed25519_id, id + "#ed");
    EXPECT_EQ(box.remote->owner_of(id + "#ed", false)->id, id);
}

TEST_F(RemoteTest, WhoIsGoneIsForgotten) {
    ASSERT_TRUE(box.remote->actor(server.bob()).ok());
    server.put("/users/bob", status(410));
    box.clock.advance(hours(25));
    EXPECT_EQ(error_of(box.remote->actor(server.bob())).code, Code::NotFound);
    EXPECT_TRUE(box.state.values.empty());
}

TEST_F(RemoteTest, TheLastTwoThousandAreKept) {
    const auto id = [](int i) { return "https://social.example/users/" + std::to_string(i); };
    for (int i = 0; i < 2005; ++i) box.state.put("actor/" + id(i), "0 - - -\n{}");
    box.start();
    EXPECT_EQ(box.state.values.size(), 2000u);
    EXPECT_TRUE(box.remote->actor(server.bob()).ok());
    EXPECT_EQ(box.state.values.size(), 2000u);
    EXPECT_TRUE(box.remote->knows(server.bob()));
    int known = 0;
    for (int i = 0; i < 2005; ++i) known += box.remote->knows(id(i)) ? 1 : 0;
    EXPECT_EQ(known, 1999) << "whatever their age";
}

TEST_F(RemoteTest, WhileAServerDoesNotAnswerWhatWasKeptCountsForAWeek) {
    ASSERT_TRUE(box.remote->actor(server.bob()).ok());
    server.put("/users/bob", status(503));
    box.clock.advance(hours(6 * 24));
    EXPECT_TRUE(box.remote->actor(server.bob()).ok());
    EXPECT_TRUE(box.remote->actor(server.bob()).ok());
    EXPECT_EQ(server.peer.asked().size(), 2u) << "it is not pressed";
    box.clock.advance(hours(2 * 24));
    const Error late = error_of(box.remote->actor(server.bob()));
    EXPECT_EQ(late.code, Code::Network);
    EXPECT_TRUE(late.retry);
}

TEST_F(RemoteTest, WhatFailedIsNotAskedForAgainAtOnce) {
    for (int i = 0; i < 3; ++i)
        EXPECT_EQ(error_of(box.remote->actor(server.url("/users/nobody"))).code, Code::NotFound);
    EXPECT_EQ(server.asked("/users/nobody"), 1);
    box.clock.advance(minutes(11));
    server.document("/users/nobody", server.actor_json("nobody", "PEM"));
    EXPECT_TRUE(box.remote->actor(server.url("/users/nobody")).ok());
}

TEST_F(RemoteTest, AHostIsAskedSoOftenAndNotMore) {
    int busy = 0;
    for (int i = 0; i < 130; ++i) {
        const Error error = error_of(box.remote->actor(server.url("/users/" + std::to_string(i))));
        if (error.code == Code::Busy) ++busy;
    }
    EXPECT_EQ(busy, 30);
    EXPECT_EQ(server.peer.asked().size(), 100u);
    box.clock.advance(minutes(1));
    EXPECT_TRUE(box.remote->actor(server.bob()).ok());
}

TEST_F(RemoteTest, AFileThatSomebodyUploadedIsNoActor) {
    for (const char* type : {"text/html", "application/json", "image/png", ""}) {
        server.document("/users/bob", server.actor_json("bob", "PEM"), type);
        EXPECT_EQ(error_of(box.remote->actor(server.bob())).code, Code::Refused) << type;
        box.clock.advance(minutes(11));
    }
    server.document("/users/bob", server.actor_json("bob", "PEM"),
                    "application/ld+json; profile=\"https://www.w3.org/ns/activitystreams\"");
    EXPECT_TRUE(box.remote->actor(server.bob()).ok());
}

TEST_F(RemoteTest, WhatCallsItselfOtherwiseIsAskedForByThatName) {
    server.document("/@bob", server.actor_json("bob", "PEM"));
    EXPECT_EQ(box.remote->actor(server.url("/@bob"))->id, server.bob());
    EXPECT_EQ(server.asked("/users/bob"), 1) << "his own word";
    // Never what only somebody else says of him: his own server, which does not answer, is asked.
    const std::string ana = "https://localhost:1/users/ana";
    server.document("/evil", R"({"id":")" + ana + R"(","type":"Person","inbox":")" +
                                 server.url("/evil/inbox") + R"("})");
    EXPECT_EQ(error_of(box.remote->actor(server.url("/evil"))).code, Code::Network);
    EXPECT_EQ(error_of(box.remote->actor(ana)).code, Code::Network) << "and nothing was kept";
    server.document("/odd", server.actor_json("x", "PEM"));
    server.document("/users/x", server.actor_json("y", "PEM"));
    EXPECT_EQ(error_of(box.remote->actor(server.url("/odd"))).code, Code::Refused);
}

TEST_F(RemoteTest, ARedirectIsSignedForItself) {
    server.put("/old", {302, "", "", {{"Location", "/users/bob"}}});
    EXPECT_EQ(box.remote->actor(server.url("/old"))->id, server.bob());
    ASSERT_EQ(server.peer.asked().size(), 2u);
    EXPECT_TRUE(box.signed_by_us(server.peer.asked()[1], server.peer.host(), Flavour::Cavage));
    server.put("/loop", {302, "", "", {{"Location", "/loop"}}});
    EXPECT_EQ(error_of(box.remote->actor(server.url("/loop"))).code, Code::Refused);
    EXPECT_EQ(server.asked("/loop"), 4);
    server.put("/in", {302, "", "", {{"Location", "https://127.0.0.1:1/x"}}});
    EXPECT_EQ(error_of(box.remote->actor(server.url("/in"))).code, Code::Refused);
}

TEST_F(RemoteTest, TooMuchOrOddIsNoActor) {
    server.document("/users/huge", std::string((1u << 20) + 1, ' ') + "{}");
    EXPECT_EQ(error_of(box.remote->actor(server.url("/users/huge"))).code, Code::TooLarge);
    server.document("/users/odd", "[1,2");
    EXPECT_EQ(error_of(box.remote->actor(server.url("/users/odd"))).code, Code::BadInput);
    for (const char* id : {"", "goat", "http://x.test/a", "https://u:p@x.test/"})
        EXPECT_EQ(error_of(box.remote->actor(id)).code, Code::BadInput) << id;
}

TEST_F(RemoteTest, NothingInAPrivateNetworkIsAsked) {
    box.options.near.clear();
    box.start();
    EXPECT_EQ(error_of(box.remote->actor(server.bob())).code, Code::Refused);
    const Posted posted = box.remote->post(server.url("/inbox"), "{}", {});
    EXPECT_EQ(posted.status, 0);
    EXPECT_NE(posted.detail.find("private network"), std::string::npos);
    EXPECT_TRUE(server.peer.asked().empty());
}

TEST_F(RemoteTest, ANoteIsItsAuthorsOnTheSameHost) {
    const auto note = [&](const std::string& author) {
        return R"({"id":")" + server.url("/n/1") + R"(","type":"Note","attributedTo":")" + author +
               R"(","content":"<p>goats</p>"})";
    };
    server.document("/n/1", note(server.bob()));
    EXPECT_EQ(box.remote->note(server.url("/n/1"))->attributed_to, server.bob());
    server.document("/n/1", note("https://other.example/users/ana"));
    EXPECT_EQ(error_of(box.remote->note(server.url("/n/1"))).code, Code::Refused);
}

const std::string kActivity = R"({"type":"Follow"})";

TEST_F(RemoteTest, APostIsSignedByTheDraftFirst) {
    server.put("/inbox", status(202));
    const Posted posted =
        box.remote->post(server.url("/inbox"), kActivity, {&Box::key(), Box::key_id});
    EXPECT_EQ(posted.status, 202);
    EXPECT_EQ(posted.detail, "");
    ASSERT_EQ(server.peer.asked().size(), 1u);
    const PeerRequest asked = server.peer.asked().front();
    EXPECT_TRUE(box.signed_by_us(asked, server.peer.host(), Flavour::Cavage));
    EXPECT_EQ(asked.body, kActivity);
    EXPECT_EQ(asked.header("content-type"), kActivityJson);
}

TEST_F(RemoteTest, After401TheOtherFlavourIsTriedAndRemembered) {
    server.gate([&](const PeerRequest& request) {
        const bool modern = box.signed_by_us(request, server.peer.host(), Flavour::Rfc9421);
        return status(modern ? 202 : 401);
    });
    const Signer box_itself{&Box::key(), Box::key_id};
    EXPECT_EQ(box.remote->post(server.url("/inbox"), kActivity, box_itself).status, 202);
    EXPECT_EQ(server.peer.asked().size(), 2u);
    EXPECT_EQ(box.remote->post(server.url("/inbox"), kActivity, box_itself).status, 202);
    EXPECT_EQ(server.peer.asked().size(), 3u);
    // Who takes neither is asked twice, and not again.
    server.gate([](const PeerRequest&) { return status(401); });
    const Posted refused = box.remote->post(server.url("/inbox"), kActivity, box_itself);
    EXPECT_EQ(refused.status, 401);
    EXPECT_EQ(refused.detail, "localhost says 401: no");
    EXPECT_EQ(server.peer.asked().size(), 5u);
}

TEST_F(RemoteTest, WhoComesWithRfc9421IsAnsweredSo) {
    server.put("/inbox", status(202));
    box.remote->heard_flavour(server.peer.host(), Flavour::Rfc9421);
    box.remote->heard_flavour(server.peer.host(), Flavour::Cavage);
    box.remote->post(server.url("/inbox"), kActivity, {&Box::key(), Box::key_id});
    EXPECT_TRUE(
        box.signed_by_us(server.peer.asked().front(), server.peer.host(), Flavour::Rfc9421));
}

TEST_F(RemoteTest, WhatBecameOfAPostIsSaid) {
    server.put("/busy",
               {429, "application/json", R"({"error":"slower"})", {{"Retry-After", "60"}}});
    Posted posted = box.remote->post(server.url("/busy"), kActivity, {&Box::key(), Box::key_id});
    EXPECT_EQ(posted.status, 429);
    ASSERT_TRUE(posted.retry_after.has_value());
    EXPECT_EQ(posted.retry_after->count(), 60);
    EXPECT_EQ(posted.detail, R"(localhost says 429: {"error":"slower"})");
    server.put("/moved", {301, "text/html", "<p>away</p>", {{"Location", "/inbox"}}});
    posted = box.remote->post(server.url("/moved"), kActivity, {&Box::key(), Box::key_id});
    EXPECT_EQ(posted.status, 301) << "not followed";
    EXPECT_EQ(posted.detail, "localhost says 301");
    EXPECT_EQ(server.asked("/inbox"), 0);
    posted = box.remote->post("https://localhost:1/inbox", kActivity, {&Box::key(), Box::key_id});
    EXPECT_EQ(posted.status, 0);
    EXPECT_NE(posted.detail, "");
    box.remote->cut();
    posted = box.remote->post(server.url("/busy"), kActivity, {&Box::key(), Box::key_id});
    EXPECT_EQ(posted.status, 0);
}

}  // namespace
}  // namespace waypost::activitypub
