// SPDX-License-Identifier: Apache-2.0
// The forms that one document may have, and what is no document.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>

#include "bridges/activitypub/vocab/activity.h"

namespace waypost::activitypub {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::string quoted(std::string text) {
    for (char& c : text) c = c == '\'' ? '"' : c;
    return text;
}

// Apostrophes for quotes.
Result<Activity> activity(const std::string& json) { return parse_activity(quoted(json)); }
Result<Note> note(const std::string& json) { return parse_note(quoted(json)); }
Result<Actor> actor(const std::string& json) { return parse_actor(quoted(json)); }

std::string follow(const std::string& more) {
    return "{'id':'https://a.example/1','type':'Follow','actor':'https://a.example/ben'," + more +
           "}";
}

Note note_with(const std::string& more) {
    const auto read = note(
        "{'id':'https://a.example/n','type':'Note',"
        "'attributedTo':'https://a.example/ben'," +
        more + "}");
    EXPECT_TRUE(read.ok()) << more << ": " << read.error().text;
    return read.ok() ? *read : Note();
}

Actor actor_with(const std::string& more) {
    const auto read = actor(
        "{'id':'https://a.example/ben','type':'Person',"
        "'inbox':'https://a.example/ben/inbox'," +
        more + "}");
    EXPECT_TRUE(read.ok()) << more << ": " << read.error().text;
    return read.ok() ? *read : Actor();
}

TEST(VocabularyForms, OneValueIsAListOfOneAndAnObjectItsId) {
    for (const char* object :
         {"'https://b.example/x'", "['https://b.example/x']", "{'id':'https://b.example/x'}",
          "[{'id':'https://b.example/x'}]", "[null,'https://b.example/x']"}) {
        const auto read = activity(follow(std::string("'object':") + object));
        ASSERT_TRUE(read.ok()) << object;
        EXPECT_EQ(read->object, "https://b.example/x") << object;
    }
    const auto of = activity(
        "{'id':'https://a.example/1','type':['Follow'],"
        "'actor':[{'id':'https://a.example/ben','type':'Person'}]}");
    ASSERT_TRUE(of.ok());
    EXPECT_EQ(of->actor, "https://a.example/ben");
    EXPECT_EQ(of->type, "Follow");
}

TEST(VocabularyForms, TheFormsOfPublic) {
    for (const char* to : {"'as:Public'", "'Public'", "['Public','as:Public']",
                           "'https://www.w3.org/ns/activitystreams#Public'"}) {
        EXPECT_THAT(note_with(std::string("'to':") + to).to, ElementsAre(kPublic)) << to;
    }
    EXPECT_TRUE(note_with("'to':['public','Publick',7,{},null,true,'']").to.empty());
    EXPECT_THAT(note_with("'bto':'https://b.example/x','to':'https://b.example/y'").to,
                ElementsAre("https://b.example/y", "https://b.example/x"));
    EXPECT_THAT(note_with("'bcc':'https://b.example/x','audience':'as:Public'").cc,
                ElementsAre("https://b.example/x", kPublic));
}

TEST(VocabularyForms, TypesByTheirWholeName) {
    EXPECT_EQ(activity("{'id':'https://a.example/1','actor':'https://a.example/b',"
                       "'type':'https://www.w3.org/ns/activitystreams#Like'}")
                  ->type,
              "Like");
    EXPECT_EQ(activity("{'id':'https://a.example/1','actor':'https://a.example/b',"
                       "'type':'as:Like'}")
                  ->type,
              "Like");
    EXPECT_EQ(activity("{'id':'https://a.example/1','actor':'https://a.example/b',"
                       "'type':'QuoteRequest'}")
                  ->type,
              "QuoteRequest")
        << "what is not known passes";
}

TEST(VocabularyForms, InnerActivities) {
    const auto undo = activity(
        "{'id':'https://a.example/2','type':'Undo','actor':'https://a.example/ben','object':"
        "{'type':'Follow','actor':'https://a.example/ben','object':{'id':'https://b.example/x'}}}");
    ASSERT_TRUE(undo.ok());
    EXPECT_EQ(undo->object, "") << "it has no id of its own";
    EXPECT_EQ(undo->object_type, "Follow");
    EXPECT_EQ(undo->object_actor, "https://a.example/ben");
    EXPECT_EQ(undo->object_of_object, "https://b.example/x");
}

TEST(VocabularyForms, DeleteMoveAndFlag) {
    const auto gone = activity(
        "{'id':'https://a.example/2','type':'Delete','actor':'https://a.example/ben','object':"
        "{'id':'https://a.example/n','type':'Tombstone','formerType':'Note'}}");
    EXPECT_EQ(gone->object, "https://a.example/n");
    EXPECT_EQ(gone->object_type, "Tombstone");
    EXPECT_FALSE(gone->note);
    const auto move =
        activity(follow("'object':'https://a.example/ben','target':'https://b.example/ben'"));
    EXPECT_EQ(move->target, "https://b.example/ben");
    const auto flag = activity(
        "{'id':'https://a.example/2','type':'Flag','actor':'https://a.example/actor','content':"
        "'spam\\n\\u202efor ever','object':['https://b.example/x','https://b.example/x/1',7]}");
    EXPECT_EQ(flag->object, "https://b.example/x");
    EXPECT_THAT(flag->more_objects, ElementsAre("https://b.example/x/1"));
    EXPECT_EQ(flag->content, "spam for ever");
}

TEST(VocabularyForms, ACreateSpeaksForItsActorAndItsReaders) {
    const std::string head =
        "{'id':'https://a.example/2','type':'Create',"
        "'actor':'https://a.example/ben','to':'as:Public','object':";
    const auto bare = activity(head + "{'id':'https://a.example/n','type':'Note'}}");
    EXPECT_EQ(bare->note->attributed_to, "https://a.example/ben");
    EXPECT_EQ(visibility(*bare->note), Visibility::Public);
    const auto direct = activity(head +
                                 "{'id':'https://a.example/n','type':'Note',"
                                 "'cc':'https://b.example/x'}}");
    EXPECT_EQ(visibility(*direct->note), Visibility::Direct) << "its own readers count";
    const auto other = activity(head +
                                "{'id':'https://a.example/n','type':'Note',"
                                "'attributedTo':'https://c.example/eve'}}");
    EXPECT_EQ(other->note->attributed_to, "https://c.example/eve") << "for the caller to refuse";
    EXPECT_FALSE(activity(head + "{'type':'Note'}}").ok());
    EXPECT_FALSE(activity(head + "'https://a.example/n'}")->note);
}

TEST(VocabularyForms, OnlyUpdatesOfWhatHasWordsAreNotes) {
    const std::string head =
        "{'id':'https://a.example/2','type':'Update',"
        "'actor':'https://a.example/ben','object':";
    EXPECT_FALSE(activity(head + "{'id':'https://a.example/ben','type':'Person'}}")->note);
    EXPECT_EQ(activity(head + "{'id':'https://a.example/p','type':'Playlist'}}")->note->type,
              "Playlist");
    const auto announce = activity(
        "{'id':'https://a.example/2','type':'Announce',"
        "'actor':'https://a.example/ben','object':"
        "{'id':'https://a.example/n','type':'Note'}}");
    EXPECT_FALSE(announce->note) << "no author is made up for it";
    EXPECT_EQ(announce->object, "https://a.example/n");
}

TEST(VocabularyForms, WordsByLanguage) {
    EXPECT_EQ(note_with("'contentMap':{'sw':'habari'}").content, "habari");
    EXPECT_EQ(note_with("'contentMap':{'sw':'habari'}").language, "sw");
    EXPECT_EQ(note_with("'content':'x','contentMap':{'und':'x'}").language, "");
    EXPECT_EQ(note_with("'content':'x','contentMap':{'s w':'x'}").language, "");
    EXPECT_EQ(note_with("'content':'x','contentMap':{'en':'y','sw':'z'}").language, "");
    EXPECT_EQ(note_with("'content':'x','contentMap':'sw'").language, "");
    EXPECT_EQ(note_with("'summaryMap':{'en':'food'}").warning, "food");
    const auto article = note(
        "{'id':'https://a.example/n','type':'Article',"
        "'attributedTo':'https://a.example/ben','summary':'about'}");
    EXPECT_EQ(article->warning, "") << "what it is about is no warning";
    EXPECT_EQ(article->content, "about");
}

TEST(VocabularyForms, Media) {
    const auto media = [](const std::string& attachment) {
        const Note read = note_with("'attachment':" + attachment);
        return read.media.size() == 1 ? read.media[0].type + ' ' + read.media[0].url : "";
    };
    EXPECT_EQ(media("'https://a.example/x'"), " https://a.example/x");
    EXPECT_EQ(media("{'type':'Image','url':'https://a.example/x'}"), "image/* https://a.example/x");
    EXPECT_EQ(media("{'type':'Image','url':{'type':'Link','href':'https://a.example/x',"
                    "'mediaType':'Image/PNG; q=1'}}"),
              "image/png https://a.example/x");
    EXPECT_EQ(media("{'type':'Video','url':[7,{'href':'https://a.example/x'}]}"),
              "video/* https://a.example/x");
    EXPECT_EQ(media("{'type':'Link','href':'https://a.example/x'}"),
              "text/html https://a.example/x");
    for (const char* none : {"7", "{}", "[]", "{'type':'PropertyValue','name':'a','value':'b'}",
                             "{'type':'Image','url':'javascript:x'}", "{'type':'Image','url':7}"}) {
        EXPECT_EQ(media(none), "") << none;
    }
}

TEST(VocabularyForms, Polls) {
    const Note poll = note_with(
        "'oneOf':[{'name':'a'},{'name':'b','replies':{'totalItems':'x'}},"
        "{'name':7},'c',{'name':'d','replies':{'totalItems':-5}},"
        "{'name':'e','replies':{'totalItems':1.5}},"
        "{'name':'f','replies':{'totalItems':18446744073709551615}}]");
    ASSERT_EQ(poll.choices.size(), 5u);
    for (const PollChoice& choice : poll.choices) EXPECT_EQ(choice.votes, -1) << choice.name;
    EXPECT_FALSE(poll.several);
}

TEST(VocabularyForms, Times) {
    const std::pair<const char*, std::int64_t> kTimes[] = {
        {"'2026-05-03T10:11:12Z'", 1777803072},
        {"'2026-05-03T10:11:12.5Z'", 1777803072},
        {"'2026-05-03T07:11:12-03:00'", 1777803072},
        {"'1969-05-03T07:11:12Z'", 0},
        {"'2026-13-03T10:11:12Z'", 0},
        {"'yesterday'", 0},
        {"'a long time ago, before'", 0},
        {"''", 0},
        {"1777803072", 0},
        {"null", 0},
    };
    for (const auto& [text, time] : kTimes)
        EXPECT_EQ(note_with(std::string("'published':") + text).published, time) << text;
}

TEST(VocabularyForms, IdsAreWebAddresses) {
    for (const std::string& bad :
         {std::string("7"), std::string("''"), std::string("null"),
          std::string("'tag:a.example,1'"), std::string("'ftp://a.example/1'"),
          std::string("'https://'"), std::string("'https:///x'"),
          std::string("'https://a.example/a b'"), std::string("'https://a.example/\\n'"),
          std::string("'https://a.example/\\u0000'"), std::string("'https://a.example/\\u202e'"),
          std::string("'https://a.example/\\\\'"), std::string("{}"),
          std::string("['https://a.example/1']"),
          "'https://a.example/" + std::string(2031, 'x') + "'"}) {
        const auto read =
            activity("{'type':'Like','actor':'https://a.example/ben','id':" + bad + "}");
        ASSERT_FALSE(read.ok()) << bad;
        EXPECT_EQ(read.error().code, Code::BadInput);
        EXPECT_EQ(activity(follow("'object':" + bad))->object,
                  bad[0] == '[' ? "https://a.example/1" : "")
            << bad;
    }
    const std::string longest = "https://a.example/" + std::string(2030, 'x');
    EXPECT_TRUE(
        activity("{'type':'Like','actor':'https://a.example/ben','id':'" + longest + "'}").ok());
    EXPECT_TRUE(
        activity("{'type':'Like','actor':'http://a.example/b','id':'http://a.example/1'}").ok());
}

TEST(VocabularyForms, WhatHasToBeThere) {
    EXPECT_THAT(
        activity("{'id':'https://a.example/1','actor':'https://a.example/ben'}").error().text,
        HasSubstr("without a type"));
    EXPECT_THAT(activity("{'type':'Like','actor':'https://a.example/ben'}").error().text,
                HasSubstr("without an id"));
    EXPECT_THAT(activity("{'type':'Like','id':'https://a.example/1','actor':7}").error().text,
                HasSubstr("without an actor"));
    EXPECT_FALSE(note("{'id':'https://a.example/n','type':'Note'}").ok()) << "no author";
    EXPECT_FALSE(note("{'id':'https://a.example/n','attributedTo':'https://a.example/ben'}").ok());
    EXPECT_FALSE(actor("{'id':'https://a.example/n','type':'Note'}").ok()) << "no actor";
    EXPECT_FALSE(actor("{'type':'Person','inbox':'https://a.example/i'}").ok());
}

TEST(VocabularyForms, KeysOfOthersAreNotHis) {
    const Actor ben = actor_with(
        "'publicKey':[{'id':'https://a.example/ben#1','owner':'https://c.example/eve',"
        "'publicKeyPem':'x'},{'id':'https://a.example/ben#2','owner':'https://a.example/ben',"
        "'publicKeyPem':'y'}],'assertionMethod':['https://a.example/ben#3',"
        "{'type':'Multikey','id':'https://a.example/ben#4','controller':'https://c.example/eve',"
        "'publicKeyMultibase':'z6Mkx'},{'type':'Multikey','id':'https://a.example/ben#5',"
        "'controller':'https://a.example/ben','publicKeyMultibase':'z6Mky'}]");
    EXPECT_EQ(ben.key_id, "https://a.example/ben#2");
    EXPECT_EQ(ben.key_pem, "y");
    EXPECT_EQ(ben.ed25519_id, "https://a.example/ben#5");
    EXPECT_EQ(ben.ed25519, "z6Mky");
}

TEST(VocabularyForms, NamesOfActors) {
    EXPECT_EQ(actor_with("'preferredUsername':'ben'").preferred_username, "ben");
    for (const char* bad :
         {"'a@b'", "'a b'", "'a/b'", "7", "'a\\u200bb'", "''", "'a\\nb'", "'a:b'"})
        EXPECT_EQ(actor_with(std::string("'preferredUsername':") + bad).preferred_username, "")
            << bad;
    EXPECT_EQ(actor_with("'name':'Ben\\n\\u200b the\\u202e smith'").name, "Ben the smith");
}

TEST(VocabularyForms, WhoIsNotToBeBridged) {
    for (const char* yes :
         {"'summary':'<p>Hi #nobridge</p>'", "'name':'Ben #NoBridge'",
          "'summary':'<a class=hashtag>#<span>NOBRIDGE</span></a>.'",
          "'tag':{'type':'Hashtag','name':'#nobridge'}",
          "'tag':[{'type':'Hashtag','name':'NoBridge'}]",
          "'attachment':[{'type':'PropertyValue','name':'x','value':'<b>#nobridge</b>'}]"}) {
        EXPECT_TRUE(actor_with(yes).no_bridge) << yes;
    }
    for (const char* no : {"'summary':'nobridge'", "'summary':'#nobridges'", "'summary':'#nobot'",
                           "'summary':'#nobridge\u00e9'",
                           "'tag':[{'type':'Emoji','name':'#nobridge'}]", "'summary':7"}) {
        EXPECT_FALSE(actor_with(no).no_bridge) << no;
    }
}

TEST(VocabularyForms, OfAKeyThatComesTwiceTheLastCounts) {
    EXPECT_EQ(note_with("'content':'a','content':'b'").content, "b");
    EXPECT_EQ(note_with("'content':'a','content':null").content, "");
}

TEST(VocabularyForms, WhatIsNoDocument) {
    for (const std::string& bad :
         {std::string(), std::string(" "), std::string("{"), std::string("[]"), std::string("null"),
          std::string("7"), std::string("'x'"), std::string("{} {}"), std::string("{'a':}"),
          std::string("{'a':'\xff'}"), std::string("{'a':'\\ud800'}"), std::string("{'a':1e99999}"),
          std::string("\xef\xbb\xbf{}"), std::string("\0", 1), std::string("{'a':'\n'}")}) {
        for (const auto& code : {activity(bad).error().code, note(bad).error().code,
                                 actor(bad).error().code, parse_key(bad, "x").error().code}) {
            EXPECT_EQ(code, Code::BadInput) << bad;
        }
    }
}

std::string repeat(const std::string& piece, int times) {
    std::string text;
    for (int i = 0; i < times; ++i) text += piece;
    return text;
}

TEST(VocabularyLimits, Depth) {
    const auto nested = [](int depth) {
        return follow("'x':" + repeat("[", depth) + repeat("]", depth));
    };
    EXPECT_TRUE(activity(nested(kMostDepth - 1)).ok());
    EXPECT_FALSE(activity(nested(kMostDepth)).ok());
    EXPECT_THAT(activity(nested(10'000)).error().text, HasSubstr("depth"));
    EXPECT_FALSE(activity(repeat("{'x':", 10'000) + "1" + repeat("}", 10'000)).ok());
    EXPECT_FALSE(activity(repeat("[", 100'000)).ok());
}

TEST(VocabularyLimits, Bytes) {
    const auto began = std::chrono::steady_clock::now();
    const auto read = parse_activity(std::string(100'000'000, '['));
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
    EXPECT_THAT(read.error().text, HasSubstr("more than"));
    EXPECT_LT(took.count(), 0.5) << "it was not parsed";
    const std::string head = quoted(follow("'x':'"));
    const std::string fits = head.substr(0, head.size() - 1) +
                             std::string(kMostActivityBytes - head.size() - 1, 'x') + "\"}";
    ASSERT_EQ(fits.size(), kMostActivityBytes);
    EXPECT_TRUE(parse_activity(fits).ok());
    EXPECT_FALSE(parse_activity(fits + ' ').ok());
}

TEST(VocabularyLimits, ListsAndValues) {
    const auto listed = [](std::size_t count) {
        std::string list;
        for (std::size_t i = 0; i < count; ++i)
            list +=
                (i == 0 ? "" : ",") + std::string("'https://a.example/") + std::to_string(i) + "'";
        return activity(follow("'to':[" + list + "]"));
    };
    EXPECT_EQ(listed(kMostListed)->to.size(), kMostListed);
    EXPECT_THAT(listed(kMostListed + 1).error().text, HasSubstr("too long"));
    const std::string lists = "[" + repeat("{},", 900) + "{}],";
    EXPECT_TRUE(activity(follow("'x':[" + repeat(lists, 20) + "1]")).ok());
    EXPECT_THAT(activity(follow("'x':[" + repeat(lists, 30) + "1]")).error().text,
                HasSubstr("too many values"));
}

}  // namespace
}  // namespace waypost::activitypub
