// SPDX-License-Identifier: Apache-2.0
// Whose key, whose name: neither is believed before both ends say so.
#include <gtest/gtest.h>

#include "bridges/activitypub/remote/webfinger.h"
#include "tests/unit/bridges/activitypub/social_server.h"

namespace waypost::activitypub {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

template <class Value>
Code code_of(const Result<Value>& result) {
    return result.ok() ? Code::Internal : result.error().code;
}

struct RemoteNames : testing::Test {
    RemoteNames() { server.document("/users/bob", server.actor_json("bob", "PEM")); }
    SocialServer server;
    Box box{server};
};

TEST_F(RemoteNames, AKeyThatIsAPartOfItsOwnerTakesOneRequest) {
    for (int i = 0; i < 3; ++i) {
        const auto owner = box.remote->owner_of(server.key_of("bob"), false);
        ASSERT_TRUE(owner.ok()) << owner.error().text;
        EXPECT_EQ(owner->id, server.bob());
        EXPECT_EQ(owner->key_pem, "PEM");
        if (i == 1) box.start();
    }
    EXPECT_EQ(server.peer.asked().size(), 1u);
}

TEST_F(RemoteNames, AKeyWithAPlaceOfItsOwnLeadsToItsOwner) {
    // A part of the actor, without an inbox, as GoToSocial gives it.
    const std::string key_id = server.url("/users/eve/main-key");
    const std::string eve = server.url("/users/eve");
    server.document("/users/eve", server.actor_json("eve", "PEM", key_id));
    server.document("/users/eve/main-key",
                    R"({"id":")" + eve + R"(","type":"Person","preferredUsername":"eve",)" +
                        R"("publicKey":{"id":")" + key_id + R"(","owner":")" + eve +
                        R"(","publicKeyPem":"PEM"}})");
    const auto owner = box.remote->owner_of(key_id, false);
    ASSERT_TRUE(owner.ok()) << owner.error().text;
    EXPECT_EQ(owner->inbox, eve + "/inbox");
    // The key alone.
    const std::string lone = server.url("/keys/7");
    server.document("/users/dan", server.actor_json("dan", "PEM", lone));
    server.document("/keys/7", R"({"id":")" + lone + R"(","owner":")" + server.url("/users/dan") +
                                   R"(","publicKeyPem":"PEM"})");
    EXPECT_EQ(box.remote->owner_of(lone, false)->id, server.url("/users/dan"));
}

TEST_F(RemoteNames, WhoDoesNotListAKeyDoesNotOwnIt) {
    const std::string key_id = server.url("/keys/evil");
    server.document("/keys/evil", R"({"id":")" + key_id + R"(","owner":")" + server.bob() +
                                      R"(","publicKeyPem":"EVIL"})");
    EXPECT_EQ(code_of(box.remote->owner_of(key_id, false)), Code::Refused);
    // Nor does anybody on another host.
    server.document("/keys/evil",
                    R"({"id":")" + key_id +
                        R"(","owner":"https://other.example/users/ana","publicKeyPem":"EVIL"})");
    EXPECT_EQ(code_of(box.remote->owner_of(key_id, false)), Code::Refused);
    EXPECT_EQ(code_of(box.remote->owner_of(server.url("/keys/none"), false)), Code::NotFound);
    EXPECT_EQ(code_of(box.remote->owner_of(server.url("/users/bob#other"), false)), Code::BadInput);
    EXPECT_EQ(code_of(box.remote->owner_of("goat", false)), Code::BadInput);
}

TEST_F(RemoteNames, AnActorHasNoKeysOfAnotherHost) {
    const std::string foreign = "https://other.example/users/ana#main-key";
    server.document("/users/bob", server.actor_json("bob", "EVIL", foreign));
    const auto bob = box.remote->actor(server.bob());
    ASSERT_TRUE(bob.ok());
    EXPECT_EQ(bob->key_id, "");
    const auto owner = box.remote->owner_of(foreign, false);
    EXPECT_FALSE(owner.ok()) << "and is not asked for it";
}

TEST_F(RemoteNames, AChangedKeyIsSeenOnceInSomeMinutes) {
    EXPECT_EQ(box.remote->owner_of(server.key_of("bob"), false)->key_pem, "PEM");
    server.document("/users/bob", server.actor_json("bob", "NEW"));
    EXPECT_EQ(box.remote->owner_of(server.key_of("bob"), false)->key_pem, "PEM");
    EXPECT_EQ(box.remote->owner_of(server.key_of("bob"), true)->key_pem, "NEW");
    EXPECT_EQ(box.remote->owner_of(server.key_of("bob"), false)->key_pem, "NEW");
    // A stranger who makes signatures up does not make us press a server.
    const auto soon = box.remote->owner_of(server.key_of("bob"), true);
    EXPECT_EQ(code_of(soon), Code::Busy);
    EXPECT_TRUE(soon.error().retry);
    box.clock.advance(minutes(4));
    EXPECT_TRUE(box.remote->owner_of(server.key_of("bob"), true).ok());
    EXPECT_EQ(server.peer.asked().size(), 3u);
}

TEST_F(RemoteNames, AKeyUnderANewIdIsFoundToo) {
    ASSERT_TRUE(box.remote->owner_of(server.key_of("bob"), false).ok());
    const std::string next = server.url("/users/bob/keys/2");
    server.document("/users/bob", server.actor_json("bob", "NEW", next));
    server.document("/users/bob/keys/2", R"({"id":")" + next + R"(","owner":")" + server.bob() +
                                             R"(","publicKeyPem":"NEW"})");
    const auto owner = box.remote->owner_of(next, false);
    ASSERT_TRUE(owner.ok()) << owner.error().text;
    EXPECT_EQ(owner->key_pem, "NEW");
    EXPECT_EQ(code_of(box.remote->owner_of(server.key_of("bob"), false)), Code::BadInput)
        << "the old one is nobody's";
}

TEST_F(RemoteNames, AServerThatTellsOnlyWhoSignsIsTold) {
    server.gate([&](const PeerRequest& request) {
        const bool ours = box.signed_by_us(request, server.peer.host(), Flavour::Cavage);
        return PeerAnswer{ours ? 0 : 401, "", "", {}};
    });
    EXPECT_TRUE(box.remote->actor(server.bob()).ok());
}

TEST_F(RemoteNames, ANameLeadsThereAndBack) {
    server.webfinger("bob", server.bob());
    const std::string acct = "bob@" + server.peer.host();
    const auto bob = box.remote->find("@" + acct);
    ASSERT_TRUE(bob.ok()) << bob.error().text;
    EXPECT_EQ(bob->id, server.bob());
    EXPECT_EQ(*box.remote->acct_of(*bob), acct);
    EXPECT_EQ(server.peer.asked().size(), 2u);
    box.start();
    EXPECT_EQ(box.remote->find("BOB@" + server.peer.host())->id, server.bob());
    EXPECT_EQ(*box.remote->acct_of(*bob), acct);
    EXPECT_EQ(server.peer.asked().size(), 2u) << "both are kept";
    EXPECT_TRUE(box.remote->find(acct, true).ok());
    EXPECT_EQ(server.peer.asked().size(), 4u);
    EXPECT_TRUE(box.remote->find(acct, true).ok()) << "what is kept, a moment later";
}

TEST_F(RemoteNames, ANameThatLeadsElsewhereIsNotBelieved) {
    server.webfinger("bob", server.bob());
    // Eve's actor calls itself bob.
    server.document("/users/eve", [&] {
        std::string json = server.actor_json("eve", "PEM");
        const std::string name = R"("preferredUsername":"eve")";
        return json.replace(json.find(name), name.size(), R"("preferredUsername":"bob")");
    }());
    server.webfinger("eve", server.url("/users/eve"));
    EXPECT_EQ(code_of(box.remote->find("eve@" + server.peer.host())), Code::Refused);
    const auto eve = box.remote->actor(server.url("/users/eve"));
    ASSERT_TRUE(eve.ok());
    EXPECT_EQ(code_of(box.remote->acct_of(*eve)), Code::Refused);
    EXPECT_EQ(code_of(box.remote->find("nobody@" + server.peer.host())), Code::NotFound);
    EXPECT_EQ(code_of(box.remote->find("goat")), Code::BadInput);
}

TEST_F(RemoteNames, ANameOfAnotherDomainHasToSaySoItself) {
    // The same server under another name: 127.0.0.1 instead of localhost.
    box.options.near.push_back("127.0.0.1");
    box.start();
    const std::string apex = "127.0.0.1:" + std::to_string(server.peer.port());
    server.webfinger("bob", server.bob(), "bob@" + apex);
    const auto bob = box.remote->actor(server.bob());
    ASSERT_TRUE(bob.ok());
    // The apex knows nothing of it: his own host's word counts.
    EXPECT_EQ(*box.remote->acct_of(*bob), "bob@" + server.peer.host());
    box.remote->forget(server.bob());
    box.clock.advance(minutes(11));
    server.document("/.well-known/webfinger?resource=acct:bob@" + apex,
                    R"({"subject":"acct:bob@)" + apex +
                        R"(","links":[{"rel":"self","type":"application/activity+json","href":")" +
                        server.bob() + R"("}]})",
                    "application/json");
    const auto found = box.remote->find("bob@" + apex);
    ASSERT_TRUE(found.ok()) << found.error().text;
    EXPECT_EQ(*box.remote->acct_of(*found), "bob@" + apex);
}

TEST_F(RemoteNames, WhatIsVerifiedGoesWithTheName) {
    server.webfinger("bob", server.bob());
    auto bob = box.remote->actor(server.bob());
    ASSERT_TRUE(box.remote->acct_of(*bob).ok());
    std::string json = server.actor_json("bob", "PEM");
    const std::string name = R"("preferredUsername":"bob")";
    server.document("/users/bob",
                    json.replace(json.find(name), name.size(), R"("preferredUsername":"rob")"));
    box.clock.advance(hours(25));
    bob = box.remote->actor(server.bob());
    ASSERT_TRUE(bob.ok());
    EXPECT_EQ(code_of(box.remote->acct_of(*bob)), Code::NotFound);
    server.webfinger("rob", server.bob());
    box.clock.advance(minutes(11));
    EXPECT_EQ(*box.remote->acct_of(*bob), "rob@" + server.peer.host());
}

TEST(WebFinger, AddressesOfPeople) {
    for (const auto& [text, user, host] :
         {std::tuple{"bob@social.example", "bob", "social.example"},
          {"@bob@Social.Example", "bob", "social.example"},
          {"acct:Bob.x_1-2@social.example:8443", "Bob.x_1-2", "social.example:8443"}}) {
        const auto acct = parse_acct(text);
        ASSERT_TRUE(acct.ok()) << text;
        EXPECT_EQ(acct->user, user);
        EXPECT_EQ(acct->host, host);
    }
    for (const char* text :
         {"", "@", "bob", "bob@", "@social.example", "b b@x.test", "a@b@c.test", "bob@x.test/y",
          "bob@x.test?y", "bob@x.test#y", "bob@x .test", "bob@[x", "b/b@x.test", "bob@x.test:443",
          "bob@x.test:99999", "bob@\xc3\xa4.test", "bob@u:p@x.test", "bob\n@x.test"})
        EXPECT_FALSE(parse_acct(text).ok()) << text;
    EXPECT_FALSE(parse_acct(std::string(300, 'a') + "@x.test").ok());
    EXPECT_EQ(webfinger_path({"b&=+%b", "x.test"}),
              "/.well-known/webfinger?resource=acct:b%26%3D%2B%25b@x.test");
}

TEST(WebFinger, DocumentsAreBounded) {
    const auto found = parse_webfinger(
        R"({"subject":"acct:bob@x.test","aliases":[],"links":[7,{"rel":"self"},
            {"rel":"self","type":"text/html","href":"https://x.test/1"},
            {"rel":"self","type":"Application/LD+JSON; profile=\"x\"","href":"https://x.test/2"},
            {"rel":"self","type":"application/activity+json","href":"https://x.test/3"}]})");
    ASSERT_TRUE(found.ok()) << found.error().text;
    EXPECT_EQ(found->subject, "acct:bob@x.test");
    EXPECT_EQ(found->actor, "https://x.test/2");
    for (const char* none : {"{}", R"({"links":{}})", R"({"links":[{"rel":"self","href":7}]})",
                             R"({"links":[{"rel":"self","type":"application/activity+json",
                                 "href":"javascript:1"}]})"})
        EXPECT_EQ(code_of(parse_webfinger(none)), Code::NotFound) << none;
    for (const char* odd : {"", "[]", "7", "{", "\xff"})
        EXPECT_EQ(code_of(parse_webfinger(odd)), Code::BadInput) << odd;
}

}  // namespace
}  // namespace waypost::activitypub
