// SPDX-License-Identifier: Apache-2.0
// What real servers send, by samples in the manner of each.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "bridges/activitypub/vocab/activity.h"
#include "tests/unit/bridges/activitypub/vocab_data.h"

namespace waypost::activitypub {
namespace {

using testing::ElementsAre;

const std::string kAna = "https://hill.example/ap/ana";

Activity activity(const std::string& name) {
    auto read = parse_activity(document(name));
    EXPECT_TRUE(read.ok()) << name << ": " << read.error().text;
    return read.ok() ? *read : Activity();
}

Note note(const std::string& name) {
    const Activity read = activity(name);
    EXPECT_TRUE(read.note) << name;
    return read.note.value_or(Note());
}

Actor actor(const std::string& name) {
    auto read = parse_actor(document(name));
    EXPECT_TRUE(read.ok()) << name << ": " << read.error().text;
    return read.ok() ? *read : Actor();
}

TEST(Vocabulary, MastodonsCreate) {
    const Activity create = activity("mastodon_create");
    EXPECT_EQ(create.id, "https://social.example/users/bob/statuses/116001/activity");
    EXPECT_EQ(create.type, "Create");
    EXPECT_EQ(create.actor, "https://social.example/users/bob");
    EXPECT_EQ(create.object, "https://social.example/users/bob/statuses/116001");
    EXPECT_EQ(create.object_type, "Note");
    EXPECT_EQ(create.object_actor, "");
    EXPECT_EQ(create.published, 1777803072);
    EXPECT_THAT(create.to, ElementsAre(kPublic));
    EXPECT_THAT(create.cc, ElementsAre("https://social.example/users/bob/followers", kAna));
    const Note& said = *create.note;
    EXPECT_EQ(said.id, create.object);
    EXPECT_EQ(said.attributed_to, create.actor);
    EXPECT_EQ(said.warning, "food");
    EXPECT_TRUE(said.sensitive);
    EXPECT_EQ(said.language, "en");
    EXPECT_EQ(said.in_reply_to, "https://hill.example/ap/ana/notes/7");
    EXPECT_EQ(said.conversation,
              "tag:social.example,2026-05-03:objectId=4411:objectType=Conversation");
    EXPECT_EQ(said.url, "https://social.example/@bob/116001");
    ASSERT_EQ(said.mentions.size(), 1u);
    EXPECT_EQ(said.mentions[0].href, kAna);
    EXPECT_EQ(said.mentions[0].name, "@ana@hill.example");
    ASSERT_EQ(said.media.size(), 2u);
    EXPECT_EQ(said.media[0].description, "Two loaves on a board");
    EXPECT_EQ(said.media[1].type, "image/jpeg");
    EXPECT_EQ(said.media[1].description, "");
    EXPECT_EQ(visibility(said), Visibility::Public);
}

TEST(Vocabulary, MastodonsActor) {
    const Actor bob = actor("mastodon_actor");
    EXPECT_EQ(bob.id, "https://social.example/users/bob");
    EXPECT_EQ(bob.type, "Person");
    EXPECT_EQ(bob.preferred_username, "bob");
    EXPECT_EQ(bob.name, "Bob of the mill") << "cleaned of marks of direction";
    EXPECT_EQ(bob.url, "https://social.example/@bob");
    EXPECT_EQ(bob.inbox, "https://social.example/users/bob/inbox");
    EXPECT_EQ(bob.shared_inbox, "https://social.example/inbox");
    EXPECT_EQ(bob.followers, "https://social.example/users/bob/followers");
    EXPECT_EQ(bob.key_id, "https://social.example/users/bob#main-key");
    EXPECT_EQ(bob.key_pem.rfind("-----BEGIN PUBLIC KEY-----\n", 0), 0u);
    EXPECT_THAT(bob.also_known_as, ElementsAre("https://old.example/users/bob"));
    EXPECT_EQ(bob.moved_to, "");
    EXPECT_TRUE(bob.locked);
    EXPECT_FALSE(bob.no_bridge);
}

TEST(Vocabulary, MastodonsPoll) {
    const Activity update = activity("mastodon_poll");
    EXPECT_EQ(update.type, "Update");
    EXPECT_EQ(update.object_type, "Question");
    const Note& poll = *update.note;
    EXPECT_EQ(poll.updated, 1777803900);
    EXPECT_FALSE(poll.several);
    ASSERT_EQ(poll.choices.size(), 2u);
    EXPECT_EQ(poll.choices[0].name, "yes");
    EXPECT_EQ(poll.choices[0].votes, 3);
}

TEST(Vocabulary, WhoMaySeeIt) {
    EXPECT_EQ(visibility(note("mastodon_direct")), Visibility::Direct);
    EXPECT_EQ(visibility(note("snac_create")), Visibility::Public) << "no collection of followers";
    EXPECT_EQ(visibility(note("snac_direct")), Visibility::Direct) << "its reader stands in cc";
    EXPECT_EQ(visibility(note("akkoma_create")), Visibility::Unlisted);
    EXPECT_EQ(visibility(note("misskey_create")), Visibility::Unlisted);
    EXPECT_EQ(visibility(note("pleroma_chat")), Visibility::Direct);
    const Note gossip = note("gotosocial_create");
    EXPECT_EQ(visibility(gossip), Visibility::FollowersOnly);
    EXPECT_EQ(visibility(gossip, "https://moor.example/users/zoe/followers"),
              Visibility::FollowersOnly);
    EXPECT_EQ(visibility(gossip, "https://moor.example/users/zoe/readers"), Visibility::Direct);
}

TEST(Vocabulary, Snac) {
    const Note said = note("snac_create");
    EXPECT_THAT(said.to, ElementsAre(kPublic));
    EXPECT_EQ(said.warning, "");
    EXPECT_EQ(said.in_reply_to, "");
    EXPECT_EQ(said.conversation, "https://dale.example/ben/p/1777803072.123456#ctxt");
    ASSERT_EQ(said.media.size(), 1u);
    EXPECT_EQ(said.media[0].type, "audio/ogg");
    const Note direct = note("snac_direct");
    EXPECT_THAT(direct.cc, ElementsAre(kAna));
    ASSERT_EQ(direct.mentions.size(), 1u) << "one tag, not in a list";
}

TEST(Vocabulary, Akkoma) {
    const Note said = note("akkoma_create");
    EXPECT_EQ(said.language, "sw") << "the one whose text it is";
    EXPECT_EQ(said.published, 1777803072);
    EXPECT_TRUE(said.mentions.empty()) << "an emoji is no mention";
    ASSERT_EQ(said.media.size(), 1u);
    EXPECT_EQ(said.media[0].url, "https://oak.example/media/oak.png");
    EXPECT_EQ(said.media[0].description, "the oak");
    const Activity react = activity("akkoma_react");
    EXPECT_EQ(react.type, "EmojiReact");
    EXPECT_EQ(react.content, "\U0001F44D");
    EXPECT_EQ(react.object, "https://hill.example/ap/ana/notes/7");
    const Note chat = note("pleroma_chat");
    EXPECT_EQ(chat.type, "ChatMessage");
    EXPECT_EQ(chat.attributed_to, "https://oak.example/users/eve");
}

TEST(Vocabulary, GoToSocial) {
    const Note said = note("gotosocial_create");
    EXPECT_THAT(said.cc, ElementsAre(kAna));
    EXPECT_EQ(said.published, 1777803072) << "an offset from UTC";
    EXPECT_EQ(said.warning, "moor gossip!");
    const Actor part = actor("gotosocial_key");
    EXPECT_EQ(part.inbox, "");
    EXPECT_EQ(part.key_id, "https://moor.example/users/zoe/main-key");
}

TEST(Vocabulary, Misskey) {
    const Note said = note("misskey_create");
    EXPECT_TRUE(said.several);
    ASSERT_EQ(said.choices.size(), 2u);
    EXPECT_EQ(said.choices[1].name, "Friday");
    EXPECT_EQ(said.choices[1].votes, 0);
    EXPECT_EQ(activity("misskey_like").content, ":acorn:");
    const Actor kit = actor("misskey_actor");
    EXPECT_EQ(kit.name, "");
    EXPECT_EQ(kit.shared_inbox, "https://fen.example/inbox");
    EXPECT_TRUE(kit.no_bridge);
    EXPECT_FALSE(kit.locked);
}

TEST(Vocabulary, KeysByThemselves) {
    const std::string id = "https://fen.example/users/9k2/publickey";
    const auto key = parse_key(document("misskey_key"), id);
    ASSERT_TRUE(key.ok());
    EXPECT_EQ(key->owner, "https://fen.example/users/9k2");
    const auto of_actor =
        parse_key(document("gotosocial_key"), "https://moor.example/users/zoe/main-key");
    ASSERT_TRUE(of_actor.ok());
    EXPECT_EQ(of_actor->owner, "https://moor.example/users/zoe");
    EXPECT_FALSE(parse_key(document("misskey_key"), id + "2").ok()) << "another one";
    EXPECT_FALSE(parse_key(document("mastodon_create"), id).ok());
}

TEST(Vocabulary, PeerTube) {
    const auto film = parse_note(document("peertube_video"));
    ASSERT_TRUE(film.ok()) << film.error().text;
    EXPECT_EQ(film->type, "Video");
    EXPECT_EQ(film->title, "How to mend a ford");
    EXPECT_EQ(film->attributed_to, "https://films.example/accounts/mia") << "not the channel";
    EXPECT_EQ(film->url, "https://films.example/w/3f6a") << "the page, not the stream";
    EXPECT_EQ(film->language, "en");
    EXPECT_EQ(film->content.find("<em>"), std::string::npos)
        << "Markdown is text: " << film->content;
}

TEST(Vocabulary, Lemmy) {
    const auto page = parse_note(document("lemmy_page"));
    ASSERT_TRUE(page.ok()) << page.error().text;
    EXPECT_EQ(page->title, "A new way to build fords");
    EXPECT_EQ(page->language, "fr");
    EXPECT_THAT(page->cc, ElementsAre("https://links.example/c/fords")) << "its audience";
    ASSERT_EQ(page->media.size(), 1u);
    EXPECT_EQ(page->media[0].type, "text/html");
    const Activity announce = activity("lemmy_announce");
    EXPECT_EQ(announce.object, "https://links.example/activities/create/77");
    EXPECT_EQ(announce.object_type, "Create");
    EXPECT_EQ(announce.object_actor, "https://links.example/u/sam");
    EXPECT_EQ(announce.object_of_object, "https://links.example/comment/9");
    EXPECT_FALSE(announce.note) << "not said by who announces it";
}

TEST(Vocabulary, Pixelfed) {
    const auto said = parse_note(document("pixelfed_note"));
    ASSERT_TRUE(said.ok()) << said.error().text;
    ASSERT_EQ(said->media.size(), 3u);
    EXPECT_EQ(said->media[1].type, "image/*");
    EXPECT_EQ(said->media[0].description, "Mist over the water");
}

}  // namespace
}  // namespace waypost::activitypub
