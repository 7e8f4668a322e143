// SPDX-License-Identifier: Apache-2.0
#include "bridges/activitypub/vocab/note_text.h"

#include <gtest/gtest.h>

#include <map>

#include "gateway/base/local_time.h"
#include "gateway/message/text.h"
#include "tests/unit/bridges/activitypub/vocab_data.h"

namespace waypost::activitypub {
namespace {

std::string text_of(const std::string& name, const NoteTextOptions& options = {}) {
    auto json = document(name);
    const auto activity = parse_activity(json);
    if (activity.ok() && activity->note) return note_text(*activity->note, options);
    const auto note = parse_note(json);
    EXPECT_TRUE(note.ok()) << name;
    return note.ok() ? note_text(*note, options) : std::string();
}

Note plain(const std::string& content) {
    Note note;
    note.id = "https://a.example/n";
    note.type = "Note";
    note.content = content;
    return note;
}

TEST(NoteText, AsItIsReadOfEachServer) {
    ASSERT_TRUE(use_timezone("UTC").ok());
    EXPECT_EQ(text_of("mastodon_create"),
              "CW: food. @ana Bread is ready & warm, see "
              "mill.example/bread/2026-05-03/how-it-was-baked #bread\n"
              "[2 pictures: Two loaves on a board; (no description)]");
    EXPECT_EQ(text_of("mastodon_poll"),
              "Shall we mend the bridge?\npoll: 1 yes 2 no, until 04.05. 10:20");
    EXPECT_EQ(text_of("snac_create"), "Rain since noon.\nThe ford is closed.\n[recording]");
    EXPECT_EQ(text_of("akkoma_create"), "Under the oak :acorn:\n[picture: the oak]");
    EXPECT_EQ(text_of("pleroma_chat"), "at six?");
    EXPECT_EQ(text_of("gotosocial_create"),
              "CW: moor gossip! Only for those who follow: @ana is right");
    EXPECT_EQ(text_of("misskey_create"),
              "@ana@hill.example which days?\nRE: dale.example/ben/p/1\n"
              "poll, several answers: 1 Monday 2 Friday, until 04.05. 10:11\n[film]");
    EXPECT_EQ(text_of("peertube_video"),
              "How to mend a ford\nWith **stones** & a spade <em>only</em>.\n\n"
              "films.example/more\n<films.example/w/3f6a>");
    EXPECT_EQ(
        text_of("lemmy_page"),
        "A new way to build fords\nRead it.\n<links.example/post/42>\n<news.example/fords/new>");
    EXPECT_EQ(text_of("pixelfed_note"),
              "The ford at dawn\n"
              "[3 pictures: Mist over the water; (no description); (no description)]");
}

TEST(NoteText, OursAreNotNamedWhereItBeginsWithThem) {
    NoteTextOptions options;
    options.known_mentions = {"https://hill.example/ap/ana"};
    EXPECT_EQ(text_of("mastodon_direct", options), "Is the ford open?");
    EXPECT_EQ(text_of("snac_direct", options), "come at six");
    EXPECT_EQ(text_of("gotosocial_create", options),
              "CW: moor gossip! Only for those who follow: @ana is right");
}

TEST(NoteText, WholeLinks) {
    NoteTextOptions options;
    options.links = LinkForm::Whole;
    EXPECT_EQ(text_of("lemmy_page", options),
              "A new way to build fords\nRead it.\n<https://links.example/post/42>\n"
              "<https://news.example/fords/new?utm_source=feed>");
}

TEST(NoteText, Warnings) {
    Note note = plain("<p>x</p>");
    note.warning = "food";
    EXPECT_EQ(note_text(note), "CW: food. x");
    note.warning = "really?";
    EXPECT_EQ(note_text(note), "CW: really? x");
    note.content.clear();
    EXPECT_EQ(note_text(note), "CW: really?");
}

TEST(NoteText, MediaByKind) {
    Note note = plain("");
    EXPECT_EQ(note_text(note), "");
    note.media = {
        {"https://a.example/1", "image/png", {}},  {"https://a.example/2", "video/mp4", "b"},
        {"https://a.example/3", "audio/ogg", {}},  {"https://a.example/4", "audio/ogg", {}},
        {"https://a.example/5", "text/plain", {}}, {"https://a.example/6", "", "c"}};
    EXPECT_EQ(note_text(note), "[picture] [film: b] [2 recordings] [2 files: (no description); c]");
    note.media.assign(40, {"https://a.example/1", "image/png", "cat"});
    const std::string many = note_text(note);
    EXPECT_EQ(many.rfind("[40 pictures: cat; cat", 0), 0u);
    EXPECT_EQ(many.substr(many.size() - 9), "cat; \u2026]");
}

TEST(NoteText, LongDescriptionsAreCut) {
    Note note = plain("");
    note.media = {{"https://a.example/1", "image/png", std::string(500, 'x')}};
    NoteTextOptions options;
    options.description = 20;
    EXPECT_EQ(note_text(note, options), "[picture: " + std::string(17, 'x') + "\u2026]");
}

TEST(NoteText, APollSaysHowItWentWhenItIsOver) {
    ASSERT_TRUE(use_timezone("UTC").ok());
    Note note = plain("Mend it?");
    note.type = "Question";
    note.choices = {{"yes", 3}, {"no", -1}};
    EXPECT_EQ(note_text(note), "Mend it?\npoll: 1 yes 2 no");
    note.ends = 1777890000;
    NoteTextOptions options;
    options.now = note.ends - 1;
    EXPECT_EQ(note_text(note, options), "Mend it?\npoll: 1 yes 2 no, until 04.05. 10:20");
    options.now = note.ends;
    EXPECT_EQ(note_text(note, options), "Mend it?\npoll over: 1 yes (3) 2 no");
    options.now = 0;
    note.several = true;
    EXPECT_EQ(note_text(note, options),
              "Mend it?\npoll, several answers: 1 yes 2 no, until 04.05. 10:20");
    note.closed = true;
    EXPECT_EQ(note_text(note, options), "Mend it?\npoll over: 1 yes (3) 2 no");
    EXPECT_FALSE(is_over(plain("Mend it?"), note.ends)) << "no poll";
}

TEST(NoteText, WhatIsSaidOfItIsInTheReadersWords) {
    ASSERT_TRUE(use_timezone("UTC").ok());
    Note note = plain("x");
    note.warning = "food";
    note.media = {{"https://a.example/1", "image/png", "a"},
                  {"https://a.example/2", "image/png", {}},
                  {"https://a.example/3", "audio/ogg", {}}};
    note.choices = {{"y", 1}, {"n", 2}};
    note.ends = 1777890000;
    const std::map<std::string, std::string> expected = {
        {"en",
         "CW: food. x\npoll: 1 y 2 n, until 04.05. 10:20\n[2 pictures: a; (no description)] "
         "[recording]"},
        {"es",
         "Aviso: food. x\nencuesta: 1 y 2 n, hasta 04.05. 10:20\n[2 fotos: a; (sin "
         "descripción)] [audio]"},
        {"uk",
         "Обережно: food. x\nопитування: 1 y 2 n, до 04.05. 10:20\n[2 фото: a; (без опису)] "
         "[запис]"},
        {"sw",
         "Tahadhari: food. x\nkura: 1 y 2 n, hadi 04.05. 10:20\n[picha 2: a; (bila maelezo)] "
         "[sauti]"},
        {"ar",
         "تحذير: food. x\nاستطلاع: 1 y 2 n, حتى 04.05. 10:20\n[صورتان: a; (بلا وصف)] [تسجيل]"}};
    for (const Catalogue* words : catalogues()) {
        NoteTextOptions options;
        options.words = words;
        const std::string text = note_text(note, options);
        const auto known = expected.find(words->language());
        if (known != expected.end()) {
            EXPECT_EQ(text, known->second);
        }
        if (words->language() == "en") continue;
        for (const char* english : {"CW", "picture", "recording", "poll:", "until"})
            EXPECT_EQ(text.find(english), std::string::npos) << words->language() << ": " << text;
    }
}

TEST(NoteText, OfSeveralLanguagesTheReadersIsTaken) {
    const auto note = parse_note(
        R"({"id":"https://a.example/n","type":"Article","attributedTo":"https://a.example/u",)"
        R"("name":"Fords","nameMap":{"sw":"Vivuko"},"content":"<p>open</p>",)"
        R"("contentMap":{"en":"<p>open</p>","sw":"<p>wazi</p>","pt-BR":"<p>aberto</p>","und":"x"}})");
    ASSERT_TRUE(note.ok());
    EXPECT_EQ(note->others.size(), 3u);
    const auto in = [&](const char* language) {
        NoteTextOptions options;
        options.words = &catalogue(language);
        return note_text(*note, options);
    };
    EXPECT_EQ(in("en"), "Fords\nopen\n<a.example/n>");
    EXPECT_EQ(in("sw"), "Vivuko\nwazi\n<a.example/n>");
    EXPECT_EQ(in("pt"), "Fords\naberto\n<a.example/n>");
    EXPECT_EQ(in("uk"), "Fords\nopen\n<a.example/n>");
}

TEST(NoteText, OfManyLanguagesSomeAreKept) {
    std::string map;
    for (int i = 0; i < 100; ++i)
        map += (i == 0 ? "\"" : ",\"") + ("x" + std::to_string(1000 + i)) + R"(":"t")";
    const auto note = parse_note(
        R"({"id":"https://a.example/n","type":"Note","attributedTo":"https://a.example/u",)"
        R"("content":"t","contentMap":{)" +
        map + "}}");
    ASSERT_TRUE(note.ok());
    EXPECT_EQ(note->others.size(), 20u);
}

TEST(NoteText, AVoteSaysWhatItIsFor) {
    Note note = plain("");
    note.title = "yes";
    EXPECT_EQ(note_text(note), "yes");
}

TEST(NoteText, AtMost) {
    NoteTextOptions options;
    options.most = 21;
    const std::string cut = note_text(plain("<p>" + std::string(100, 'x') + "</p>"), options);
    EXPECT_EQ(cut, std::string(21, 'x'));
    EXPECT_TRUE(is_utf8(note_text(plain("\xff\xe2"), options)));
}

}  // namespace
}  // namespace waypost::activitypub
