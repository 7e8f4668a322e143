// SPDX-License-Identifier: Apache-2.0
#include "bridges/activitypub/vocab/documents.h"

#include <Poco/JSON/Array.h>
#include <Poco/JSON/Object.h>
#include <Poco/JSON/Parser.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace waypost::activitypub {
namespace {

using testing::ElementsAre;

const OwnActor kAna{"https://hill.example", "hill.example", "ana"};
constexpr std::int64_t kThen = 1777803072;  // 2026-05-03T10:11:12Z

Poco::JSON::Object::Ptr json(const std::string& text) {
    return Poco::JSON::Parser().parse(text).extract<Poco::JSON::Object::Ptr>();
}

std::string at(const std::string& text, const std::string& key) {
    return json(text)->get(key).toString();
}

OwnNote own_note() {
    OwnNote note;
    note.author = kAna;
    note.id = "https://hill.example/ap/ana/notes/7";
    note.content = "<p>\"Hi\" \u0410</p>";
    note.source = "\"Hi\" \u0410";
    note.language = "uk";
    note.in_reply_to = "https://social.example/users/bob/statuses/1";
    note.conversation = "https://social.example/contexts/4";
    note.published = kThen;
    note.to = {"https://social.example/users/bob"};
    note.mentions = {{"https://social.example/users/bob", "@bob@social.example"}};
    return note;
}

TEST(Documents, IdsOfOurs) {
    EXPECT_EQ(kAna.id(), "https://hill.example/ap/ana");
    EXPECT_EQ(kAna.key_id(), "https://hill.example/ap/ana#main-key");
    EXPECT_EQ(kAna.inbox(), "https://hill.example/ap/ana/inbox");
    EXPECT_EQ(kAna.shared_inbox(), "https://hill.example/ap/inbox");
    EXPECT_EQ(kAna.acct(), "ana@hill.example");
    EXPECT_EQ((OwnActor{"https://h.example", "h.example", "a/b c"}.id()),
              "https://h.example/ap/a%2Fb%20c");
}

TEST(Documents, AnActorIsReadAsItWasMeant) {
    OwnProfile profile;
    profile.type = "Person";
    profile.display_name = "Ana \"of\" the hill";
    profile.summary = "Sheep & wool.\nhttps://hill.example/";
    profile.key_pem = "-----BEGIN PUBLIC KEY-----\nQQ==\n-----END PUBLIC KEY-----\n";
    profile.published = kThen;
    const std::string text = actor_json(kAna, profile);
    const auto read = parse_actor(text);
    ASSERT_TRUE(read.ok()) << read.error().text;
    EXPECT_EQ(read->id, kAna.id());
    EXPECT_EQ(read->type, "Person");
    EXPECT_EQ(read->preferred_username, "ana");
    EXPECT_EQ(read->name, profile.display_name);
    EXPECT_EQ(read->summary,
              "<p>Sheep &amp; wool.<br><a href=\"https://hill.example/\" rel=\"nofollow noopener\">"
              "https://hill.example/</a></p>");
    EXPECT_EQ(read->inbox, kAna.inbox());
    EXPECT_EQ(read->shared_inbox, kAna.shared_inbox());
    EXPECT_EQ(read->followers, kAna.followers());
    EXPECT_EQ(read->key_id, kAna.key_id());
    EXPECT_EQ(read->key_pem, profile.key_pem);
    EXPECT_TRUE(read->locked);
    EXPECT_EQ(at(text, "published"), "2026-05-03T10:11:12Z");
    EXPECT_EQ(at(text, "discoverable"), "false");
    EXPECT_EQ(at(text, "indexable"), "false");
    const auto context = json(text)->getArray("@context");
    EXPECT_EQ(context->getElement<std::string>(0), "https://www.w3.org/ns/activitystreams");
    EXPECT_EQ(context->getElement<std::string>(1), "https://w3id.org/security/v1");
}

TEST(Documents, APictureOfANoteIsReadAsItWasMeant) {
    OwnNote note = own_note();
    EXPECT_FALSE(json(note_json(note, true))->has("attachment"));
    note.media = {{"https://hill.example/ap/media/1.jpg", "image/jpeg", "a \"red\" boat", 640, 480},
                  {"https://hill.example/ap/media/2.jpg", "image/jpeg", {}, 64, 48}};
    const auto read = parse_note(note_json(note, true));
    ASSERT_TRUE(read.ok()) << read.error().text;
    ASSERT_EQ(read->media.size(), 2u);
    EXPECT_EQ(read->media[0].url, "https://hill.example/ap/media/1.jpg");
    EXPECT_EQ(read->media[0].type, "image/jpeg");
    EXPECT_EQ(read->media[0].description, "a \"red\" boat");
    EXPECT_EQ(read->media[1].description, "");
    const auto first = json(create_json(note))->getObject("object")->getArray("attachment");
    EXPECT_EQ(first->getObject(0)->getValue<int>("width"), 640);
    EXPECT_EQ(first->getObject(0)->getValue<int>("height"), 480);
}

TEST(Documents, ANoteIsReadAsItWasMeant) {
    const OwnNote note = own_note();
    const auto read = parse_note(note_json(note, true));
    ASSERT_TRUE(read.ok()) << read.error().text;
    EXPECT_EQ(read->id, note.id);
    EXPECT_EQ(read->type, "Note");
    EXPECT_EQ(read->attributed_to, kAna.id());
    EXPECT_EQ(read->content, note.content);
    EXPECT_EQ(read->language, "uk");
    EXPECT_EQ(read->in_reply_to, note.in_reply_to);
    EXPECT_EQ(read->conversation, note.conversation);
    EXPECT_EQ(read->published, kThen);
    EXPECT_EQ(read->to, note.to);
    EXPECT_FALSE(read->sensitive);
    ASSERT_EQ(read->mentions.size(), 1u);
    EXPECT_EQ(read->mentions[0].name, "@bob@social.example");
    EXPECT_EQ(visibility(*read), Visibility::Direct);
    EXPECT_TRUE(json(note_json(note, true))->has("@context"));
    EXPECT_FALSE(json(note_json(note, false))->has("@context"));
}

TEST(Documents, WarningsAreSensitive) {
    OwnNote note = own_note();
    note.warning = "wolves";
    const auto read = parse_note(note_json(note, true));
    EXPECT_EQ(read->warning, "wolves");
    EXPECT_TRUE(read->sensitive);
}

TEST(Documents, ACreateHoldsTheNote) {
    const OwnNote note = own_note();
    const auto create = parse_activity(create_json(note));
    ASSERT_TRUE(create.ok()) << create.error().text;
    EXPECT_EQ(create->id, note.id + "#create");
    EXPECT_EQ(create->type, "Create");
    EXPECT_EQ(create->actor, kAna.id());
    EXPECT_EQ(create->to, note.to);
    EXPECT_EQ(create->published, kThen);
    EXPECT_EQ(create->note->content, note.content);
}

TEST(Documents, DeleteIsOfATombstone) {
    const auto gone = parse_activity(
        delete_json(kAna, "https://hill.example/ap/ana/notes/7", {std::string(kPublic)}, kThen));
    ASSERT_TRUE(gone.ok());
    EXPECT_EQ(gone->type, "Delete");
    EXPECT_EQ(gone->object, "https://hill.example/ap/ana/notes/7");
    EXPECT_EQ(gone->object_type, "Tombstone");
    EXPECT_THAT(gone->to, ElementsAre(kPublic));
    const std::string stone = tombstone_json("https://hill.example/ap/ana/notes/7", kThen);
    EXPECT_EQ(at(stone, "type"), "Tombstone");
    EXPECT_EQ(at(stone, "deleted"), "2026-05-03T10:11:12Z");
}

TEST(Documents, FollowsAndTheirAnswers) {
    const std::string bob = "https://social.example/users/bob";
    const auto follow = parse_activity(follow_json(kAna, kAna.id() + "/follows/1", bob));
    EXPECT_EQ(follow->type, "Follow");
    EXPECT_EQ(follow->object, bob);
    const auto undo = parse_activity(undo_follow_json(kAna, follow->id, bob));
    EXPECT_EQ(undo->type, "Undo");
    EXPECT_EQ(undo->object, follow->id);
    EXPECT_EQ(undo->object_type, "Follow");
    EXPECT_EQ(undo->object_actor, kAna.id());
    EXPECT_EQ(undo->object_of_object, bob);
    EXPECT_NE(undo->id, follow->id);

    Activity asked;
    asked.id = "https://social.example/1";
    asked.type = "Follow";
    asked.actor = bob;
    asked.object = kAna.id();
    for (const bool accept : {true, false}) {
        const auto answer =
            parse_activity(answer_follow_json(kAna, accept, kAna.id() + "#answer-1", asked));
        EXPECT_EQ(answer->type, accept ? "Accept" : "Reject");
        EXPECT_EQ(answer->object, asked.id);
        EXPECT_EQ(answer->object_actor, bob);
        EXPECT_EQ(answer->object_of_object, kAna.id());
        EXPECT_THAT(answer->to, ElementsAre(bob));
    }
}

TEST(Documents, Collections) {
    const auto links = json(collection_json(kAna.outbox(), 9, {"https://h.example/1"}, true));
    EXPECT_EQ(links->getValue<std::string>("type"), "OrderedCollection");
    EXPECT_EQ(links->getValue<int>("totalItems"), 9);
    EXPECT_EQ(links->getArray("orderedItems")->getElement<std::string>(0), "https://h.example/1");
    const auto embedded = json(collection_json(kAna.outbox(), 1, {create_json(own_note())}, false));
    const auto item = embedded->getArray("orderedItems")->getObject(0);
    EXPECT_EQ(item->getValue<std::string>("type"), "Create");
    EXPECT_FALSE(item->has("@context"));
    EXPECT_FALSE(json(collection_json(kAna.followers(), 9, {}, true))->has("orderedItems"));
    EXPECT_EQ(
        json(collection_json(kAna.followers(), 0, {}, true))->getArray("orderedItems")->size(), 0u);
}

TEST(Documents, WebFinger) {
    const auto read = json(webfinger_json(kAna));
    EXPECT_EQ(read->getValue<std::string>("subject"), "acct:ana@hill.example");
    EXPECT_EQ(read->getArray("aliases")->getElement<std::string>(0), kAna.id());
    const auto self = read->getArray("links")->getObject(0);
    EXPECT_EQ(self->getValue<std::string>("rel"), "self");
    EXPECT_EQ(self->getValue<std::string>("type"), "application/activity+json");
    EXPECT_EQ(self->getValue<std::string>("href"), kAna.id());
}

TEST(Documents, NodeInfo) {
    const auto links = json(nodeinfo_links_json("https://hill.example"))->getArray("links");
    ASSERT_EQ(links->size(), 2u);
    EXPECT_EQ(links->getObject(1)->getValue<std::string>("rel"),
              "http://nodeinfo.diaspora.software/ns/schema/2.1");
    EXPECT_EQ(links->getObject(1)->getValue<std::string>("href"),
              "https://hill.example/nodeinfo/2.1");
    const auto info = json(nodeinfo_json("2.0", 12, 34));
    EXPECT_EQ(info->getValue<std::string>("version"), "2.0");
    EXPECT_EQ(info->getObject("software")->getValue<std::string>("name"), "waypost");
    EXPECT_FALSE(info->getObject("software")->getValue<std::string>("version").empty());
    EXPECT_EQ(info->getArray("protocols")->getElement<std::string>(0), "activitypub");
    EXPECT_FALSE(info->getValue<bool>("openRegistrations"));
    EXPECT_EQ(info->getObject("usage")->getObject("users")->getValue<int>("total"), 12);
    EXPECT_EQ(info->getObject("usage")->getValue<int>("localPosts"), 34);
    EXPECT_EQ(info->getObject("metadata")->size(), 0u);
}

TEST(Documents, HostMeta) {
    const std::string xml = host_meta_xml("https://hill.example");
    EXPECT_NE(xml.find("template=\"https://hill.example/.well-known/webfinger?resource={uri}\""),
              std::string::npos);
}

TEST(Documents, WhateverTheTextItIsJson) {
    OwnNote note = own_note();
    note.content = "\xff\x01\"\\\n\u2028</script>";
    note.warning = "\xc3";
    const auto read = parse_note(note_json(note, true));
    ASSERT_TRUE(read.ok()) << read.error().text;
    EXPECT_EQ(read->content, "\xEF\xBF\xBD\"\\\n\u2028</script>");
}

}  // namespace
}  // namespace waypost::activitypub
