// SPDX-License-Identifier: Apache-2.0
// Letters that leave by somebody's account.
#include <gtest/gtest.h>

#include <thread>

#include "bridges/activitypub/client/client_transport.h"
#include "tests/unit/bridges/activitypub/client_server.h"

namespace waypost::activitypub::client {
namespace {

constexpr char kBob[] = "bob@far.example";
constexpr std::int64_t kAt = 1795788300'000;  // 2026-11-27 14:05

Delivery letter(const std::string& text) {
    Delivery d;
    d.attempt = {1, 1};
    d.to = {"acct", kBob};
    d.text = text;
    d.author = "ana";
    d.written = wall_from_ms(kAt);
    return d;
}

Delivery public_post(const std::string& text) {
    Delivery d = letter(text);
    d.to = public_address("hill.example");
    return d;
}

struct ClientLetters : testing::Test {
    ClientLetters() { box.in(); }
    Outcome again(const std::string& text) {
        Delivery d = letter(text);
        d.wire_id = "waypost-1";
        return box.letters->send(d, "waypost-1");
    }
    MastoServer server;
    ClientBox box{server};
};

TEST_F(ClientLetters, ALetterIsADirectStatus) {
    box.came->put("https://far.example/notes/5", "s5");
    Delivery d = letter("Noon & later = fine");
    d.references = {"https://far.example/notes/5"};
    const Outcome became = box.letters->send(d, "waypost-1");
    EXPECT_EQ(became.kind, Outcome::Kind::Sent) << became.detail;
    EXPECT_EQ(became.privacy, Privacy::TlsVerified);
    const PeerRequest asked = server.peer.asked().back();
    EXPECT_EQ(asked.target, "/api/v1/statuses");
    EXPECT_EQ(asked.header("idempotency-key"), "waypost-1");
    EXPECT_EQ(asked.header("authorization"), "Bearer secret");
    EXPECT_EQ(asked.body,
              "status=%40bob%40far.example%20Noon%20%26%20later%20%3D%20fine&visibility=direct&"
              "in_reply_to_id=s5");
    EXPECT_EQ(box.went->value_of("n1"), "waypost-1");
}

TEST_F(ClientLetters, NobodyElseIsMentioned) {
    EXPECT_EQ(letter_text(letter("@eva and a@b.c, (@carl@x.org) @ 5 @@z")),
              "@\u200beva and a@b.c, (@\u200b"
              "carl@x.org) @ 5 @@\u200bz");
    Delivery d = letter("text");
    d.subject = "About";
    EXPECT_EQ(letter_text(d), "About\n\ntext");
}

TEST_F(ClientLetters, WhatIsTooLongComesBack) {
    const Outcome became = box.letters->send(letter(std::string(44, 'x')), "w");
    EXPECT_EQ(became.kind, Outcome::Kind::Failed);
    EXPECT_EQ(became.detail, "too long: that server takes at most 60 letters, it has 61");
    EXPECT_EQ(server.posts(), 0);
    EXPECT_EQ(box.letters->send(letter(std::string(43, 'x')), "w").kind, Outcome::Kind::Sent);
}

TEST_F(ClientLetters, ARepeatThatIsThereIsNotPostedAgain) {
    server.own_status(
        "p1",
        R"(<p><span><a href=\"https://far.example/@bob\">@<span>bob</span></a></span>)"
        R"( Is it <i>open</i>?</p>)",
        kBob);
    EXPECT_EQ(again("Is it *open*?").kind, Outcome::Kind::Sent);
    EXPECT_EQ(server.posts(), 0);
    EXPECT_EQ(box.went->value_of("p1"), "waypost-1");
    EXPECT_EQ(again("Is it *open*?").kind, Outcome::Kind::Sent) << "known by its id now";
    EXPECT_EQ(server.posts(), 0);
}

TEST_F(ClientLetters, ARepeatThatIsNotThereHasItsKey) {
    server.own_status("p1", "<p>@bob Is it open? I ask", kBob);
    server.own_status("p2", "<p>@eva Is it open?", "eva@far.example");
    server.own_status("p3", "<p>@bob Is it open?", kBob, "2026-11-27T12:00:00Z");
    server.own_status("p4", "<p>@bob Is it open?", kBob);
    box.went->put("p4", "waypost-0");  // another letter that says the same
    EXPECT_EQ(again("Is it open?").kind, Outcome::Kind::Sent);
    EXPECT_EQ(server.posts(), 1);
    EXPECT_EQ(server.peer.asked().back().header("idempotency-key"), "waypost-1");
}

TEST_F(ClientLetters, ALetterMayGoOnlyWhenItIsKnownWhetherItWent) {
    server.instead = PeerAnswer{503, "text/plain", "", {}};
    EXPECT_EQ(again("x").kind, Outcome::Kind::Retry);
    EXPECT_EQ(server.posts(), 0);
}

TEST_F(ClientLetters, WhatTheServerSaysDecides) {
    const auto said = [&](int status) {
        server.instead = PeerAnswer{status, "application/json", R"({"error":"Because."})", {}};
        return box.letters->send(letter("x"), "w");
    };
    EXPECT_EQ(said(500).kind, Outcome::Kind::Retry);
    const Outcome refused = said(422);
    EXPECT_EQ(refused.kind, Outcome::Kind::Failed);
    EXPECT_EQ(refused.detail, "the server says 422: Because.");
    EXPECT_EQ(said(403).kind, Outcome::Kind::Failed);
    EXPECT_EQ(said(200).kind, Outcome::Kind::Retry) << "it is there, and must be found";
    EXPECT_EQ(said(401).kind, Outcome::Kind::NotTried);
    EXPECT_FALSE(box.session->up());
    EXPECT_EQ(said(200).kind, Outcome::Kind::NotTried) << "signed out";
}

TEST_F(ClientLetters, TooManyIsAPauseForAll) {
    server.instead = PeerAnswer{429, "application/json", "{}", {{"Retry-After", "30"}}};
    EXPECT_EQ(box.letters->send(letter("x"), "w").retry_after, std::chrono::seconds(30));
    const std::size_t asked = server.peer.asked().size();
    const Outcome second = box.letters->send(letter("y"), "v");
    EXPECT_EQ(second.kind, Outcome::Kind::Retry);
    EXPECT_EQ(second.retry_after, std::chrono::seconds(30));
    EXPECT_EQ(server.peer.asked().size(), asked);
}

TEST_F(ClientLetters, WhomTheServerDoesNotFindIsSaid) {
    server.finds.clear();
    const Outcome became = box.letters->send(letter("x"), "w");
    EXPECT_EQ(became.kind, Outcome::Kind::Failed);
    EXPECT_EQ(became.code, "550 5.1.1");
}

TEST_F(ClientLetters, WhoWantsNoBridgeGetsNoLetter) {
    server.known[kBob] = R"("note":"<p>goats <a href=\"x\">#<span>NoBridge</span></a></p>")";
    for (int i = 0; i < 2; ++i) {
        const Outcome became = box.letters->send(letter("x"), "w");
        EXPECT_EQ(became.kind, Outcome::Kind::Failed);
        EXPECT_EQ(became.code, "550 5.7.1");
        EXPECT_EQ(became.detail, "wants no messages from other networks, its profile says");
    }
    EXPECT_EQ(server.posts(), 0);
    EXPECT_EQ(server.asked_for("/api/v1/accounts/lookup"), 1) << "it is remembered";
    server.known[kBob] = R"("note":"<p>goats")";
    box.office.time().advance(std::chrono::hours(24));
    EXPECT_EQ(box.letters->send(letter("x"), "w").kind, Outcome::Kind::Sent) << "for a day";
}

TEST_F(ClientLetters, WhomTheServerDoesNotKnowYetItLooksFor) {
    server.far[std::string("@") + kBob] = R"("display_name":"Bob #nobridge")";
    EXPECT_EQ(box.letters->send(letter("x"), "w").code, "550 5.7.1");
    server.far[std::string("@") + kBob] = R"("fields":[{"name":"x","value":"<b>#nobridge</b>"}])";
    box.office.time().advance(std::chrono::hours(24));
    EXPECT_EQ(box.letters->send(letter("x"), "w").code, "550 5.7.1");
    EXPECT_EQ(server.posts(), 0);
    server.far.clear();  // one of a like name is found, who wants none
    box.office.time().advance(std::chrono::hours(24));
    EXPECT_EQ(box.letters->send(letter("x"), "w").kind, Outcome::Kind::Sent);
    server.may_search = false;  // with a token from before
    EXPECT_EQ(box.letters->send(letter("y"), "v").kind, Outcome::Kind::Sent);
}

TEST_F(ClientLetters, APublicPostMentionsNobody) {
    const Outcome became = box.letters->send(public_post("@eva The ford is open"), "waypost-1");
    EXPECT_EQ(became.kind, Outcome::Kind::Sent) << became.detail;
    EXPECT_EQ(became.code, "published");
    const PeerRequest asked = server.peer.asked().back();
    EXPECT_EQ(asked.header("idempotency-key"), "waypost-1");
    EXPECT_EQ(asked.body, "status=%40%E2%80%8Beva%20The%20ford%20is%20open&visibility=public");
    EXPECT_EQ(box.letters->posts(), 1u);
    EXPECT_EQ(server.asked_for("/api/v1/accounts/lookup"), 0);
    EXPECT_EQ(box.letters->send(public_post(std::string(61, 'x')), "w").code, "552 5.3.4");
}

TEST_F(ClientLetters, ARepeatedPublicPostIsThereOnce) {
    Delivery d = public_post("The ford is open");
    d.wire_id = "waypost-1";
    server.own_post("p1", "<p>The ford is open", "direct");
    server.own_post("p2", "<p>The ford is open", "public", {}, "2026-11-27T12:00:00Z");
    server.own_post("p3", "<p>The ford is open, says Bob", "public");
    EXPECT_EQ(box.letters->send(d, "waypost-1").kind, Outcome::Kind::Sent);
    EXPECT_EQ(server.posts(), 1) << "none of these is it";
    d.wire_id = "waypost-2";
    server.own_post("p4", "<p>The ford is open</p>", "public");
    const Outcome became = box.letters->send(d, "waypost-2");
    EXPECT_EQ(became.kind, Outcome::Kind::Sent);
    EXPECT_EQ(became.detail, "it was there already");
    EXPECT_EQ(server.posts(), 1);
    EXPECT_EQ(box.went->value_of("p4"), "waypost-2");
}

TEST_F(ClientLetters, TheAccountIsForItsPersonAlone) {
    ClientOptions options;
    options.server = box.server;
    options.person = "ana";
    const ClientTransport transport("fediverse_account.ana", options);
    const Address bob{"acct", kBob};
    EXPECT_TRUE(transport.reach_from("ana", bob));
    EXPECT_FALSE(transport.reach_from("ben", bob));
    EXPECT_FALSE(transport.reach_from("", bob));
    EXPECT_FALSE(transport.reach(bob));
    EXPECT_FALSE(transport.reach_from("ana", {"mailto", kBob}));
    EXPECT_FALSE(transport.up());
    options.token_file = box.token_file;
    options.fetch = box.fetch;
    ClientTransport started("fediverse_account.ana", options);
    started.start(box.office);
    while (!started.status().up) std::this_thread::yield();
    const Address all = public_address("hill.example");
    EXPECT_TRUE(started.reach_from("ana", all));
    EXPECT_LT(started.reach_from("ana", all), started.reach_from("ana", bob));
    EXPECT_FALSE(started.reach_from("ben", all));
    EXPECT_FALSE(started.reach_from("ana", {"acct", "ben@hill.example"}));
    started.stop();
}

}  // namespace
}  // namespace waypost::activitypub::client
