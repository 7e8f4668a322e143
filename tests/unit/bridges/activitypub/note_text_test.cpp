// SPDX-License-Identifier: Apache-2.0
#include "bridges/activitypub/vocab/note_text.h"

#include <gtest/gtest.h>

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
    EXPECT_EQ(text_of("mastodon_create"),
              "CW: food. @ana Bread is ready & warm, see "
              "mill.example/bread/2026-05-03/how-it-was-baked #bread\n"
              "[2 pictures: Two loaves on a board; (no description)]");
    EXPECT_EQ(text_of("mastodon_poll"), "Shall we mend the bridge?\npoll: 1 yes (3) 2 no (2)");
    EXPECT_EQ(text_of("snac_create"), "Rain since noon.\nThe ford is closed.\n[recording]");
    EXPECT_EQ(text_of("akkoma_create"), "Under the oak :acorn:\n[picture: the oak]");
    EXPECT_EQ(text_of("pleroma_chat"), "at six?");
    EXPECT_EQ(text_of("gotosocial_create"),
              "CW: moor gossip! Only for those who follow: @ana is right");
    EXPECT_EQ(text_of("misskey_create"),
              "@ana@hill.example which days?\nRE: dale.example/ben/p/1\n"
              "poll, several answers: 1 Monday (1) 2 Friday (0)\n[film]");
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
