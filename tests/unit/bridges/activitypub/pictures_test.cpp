// SPDX-License-Identifier: Apache-2.0
// Pictures in and out, without a network: names, what is kept, what others may fetch.
#include "tests/fakes/pictures.h"

#include <gtest/gtest.h>

#include "bridges/activitypub/pictures/attached.h"
#include "bridges/activitypub/pictures/media.h"
#include "bridges/activitypub/pictures/note_pictures.h"
#include "bridges/email/mime/mail_attachment.h"
#include "tests/fakes/fake_office.h"
#include "tests/fakes/fake_people.h"
#include "tests/fakes/file_server.h"

namespace waypost::activitypub {
namespace {

constexpr char kHelper[] = WAYPOST_BIN "/waypost-shrink";

std::string bytes_of(std::unique_ptr<AttachmentContent> content) {
    std::ostringstream out;
    EXPECT_TRUE(content->copy_to(out).ok());
    return out.str();
}

Result<std::unique_ptr<AttachmentContent>> attachment(const Message& message, std::size_t number) {
    // The fake office keeps a body's bytes in the place of its file's name.
    return email::open_mail_attachment(std::make_unique<std::istringstream>(message.body.file),
                                       number);
}

TEST(PictureNames, SayWhatIsSeen) {
    EXPECT_EQ(picture_name("a red boat", "picture"), "a red boat.jpg");
    EXPECT_EQ(picture_name("", "foto"), "foto.jpg");
    EXPECT_EQ(picture_name("../../etc/passwd", "picture"), "etc passwd.jpg");
    EXPECT_LE(picture_name(std::string(5000, 'x'), "picture").size(), 120u);
}

TEST(PictureNames, AreDescriptionsWhereAPersonGaveThem) {
    EXPECT_EQ(description_in("our goat on the bridge.jpg"), "our goat on the bridge");
    EXPECT_EQ(description_in("red_boat.JPG"), "red boat");
    EXPECT_EQ(description_in("Мост через реку.png"), "Мост через реку");
    for (const char* made_up : {"IMG_2041.jpg", "DSC00017.JPG", "photo.jpg", "image0.jpeg",
                                "WhatsApp Image 2026-11-27 at 14.05.00.jpeg",
                                "Screenshot from 2026-11-27 10-00-00.png", "", ".jpg"})
        EXPECT_EQ(description_in(made_up), "") << made_up;
}

TEST(LeftOut, IsNamedInTheAuthorsWords) {
    const std::vector<Attachment> files = {{"plan.pdf", "application/pdf", 84'000},
                                           {"song.ogg", "audio/ogg", 2'000'000}};
    EXPECT_EQ(said_left_out(files, "en"), "[not sent along: plan.pdf 82k, song.ogg 1.9M]");
    EXPECT_NE(said_left_out(files, "es").find("plan.pdf"), std::string::npos);
    EXPECT_EQ(said_left_out({}, "en"), "");
}

TEST(PicturesOfANote, AreTheFirstFourAndNoDrawings) {
    Note note;
    for (const char* type : {"image/svg+xml", "image/png", "video/mp4", "image/*", "text/html",
                             "image/jpeg", "image/gif", "image/webp"})
        note.media.push_back({std::string("https://x.org/") + type, type, {}});
    const auto pictures = pictures_of(note);
    ASSERT_EQ(pictures.size(), kMostPictures);
    EXPECT_EQ(pictures.front().type, "image/png");
    EXPECT_EQ(pictures.back().type, "image/gif");
}

TEST(WaitingNote, IsReadAsItWasWritten) {
    WaitingNote note;
    note.message.from = {"acct", "bob@x.org"};
    note.message.to = {{"acct", "ana@hill.example"}, {"group", "bob@x.org"}};
    note.message.origin_id = "https://x.org/notes/1";
    note.message.written = 1'795'000'000;
    note.message.from_name = "Bob \"the\" Ü";
    note.message.text = "Hi\n[picture: a red boat]";
    note.message.references = {"https://hill.example/ap/ana/notes/1"};
    note.message.privacy = Privacy::TlsVerified;
    note.pictures = {{"https://x.org/1.png", "image/png", "a red boat"}};
    note.language = "sw";
    const auto read = read_waiting_note(write_waiting_note(note));
    ASSERT_TRUE(read.ok()) << read.error().text;
    EXPECT_EQ(write_waiting_note(*read), write_waiting_note(note));
    EXPECT_EQ(read->message.to, note.message.to);
    EXPECT_EQ(read->message.text, note.message.text);
    EXPECT_EQ(read->message.privacy, Privacy::TlsVerified);
    EXPECT_EQ(read->pictures.at(0).description, "a red boat");
    for (const char* bad : {"", "{}", "[]", R"({"from":"acct:bob@x.org","to":[],"id":"x"})",
                            R"({"from":"nobody","to":["acct:a@b.c"],"id":"x"})"})
        EXPECT_FALSE(read_waiting_note(bad).ok()) << bad;
}

class MediaTest : public ::testing::Test {
  protected:
    static std::string name(char c) { return std::string(32, c) + ".jpg"; }
    void put(const std::string& note, char c, std::int64_t at, std::size_t bytes = 10) {
        media.put(note, {{{name(c), "a boat", 3, 2}, std::string(bytes, c)}}, at, 100);
    }
    MemoryState state;
    Media media{state};
};

TEST_F(MediaTest, IsFoundByItsNameAndForgottenWithItsNote) {
    put("https://hill.example/n/1", 'a', 1);
    EXPECT_EQ(media.find(name('a')), std::string(10, 'a'));
    const auto of = media.of("https://hill.example/n/1");
    ASSERT_TRUE(of);
    EXPECT_EQ(of->pictures.at(0).description, "a boat");
    EXPECT_EQ(of->pictures.at(0).height, 2);
    EXPECT_FALSE(media.of("https://hill.example/n/11"));
    media.forget("https://hill.example/n/1");
    EXPECT_FALSE(media.find(name('a')));
    EXPECT_TRUE(state.values.empty());
}

TEST_F(MediaTest, KeepsWhatIsSaidOfWhatWasLeftOut) {
    media.put("n", {{{name('a'), {}, 3, 2}, "JPEG"}}, 1, 100, "[not sent along: plan.pdf 84k]");
    EXPECT_EQ(media.of("n")->left_out, "[not sent along: plan.pdf 84k]");
    put("m", 'b', 2);
    EXPECT_EQ(media.of("m")->left_out, "");
}

TEST_F(MediaTest, OnlyItsOwnNamesAreLookedUp) {
    put("n", 'a', 1);
    for (const std::string& other : {std::string("../x"), std::string("a.jpg"), name('g'),
                                     name('A'), name('a') + "x", std::string()})
        EXPECT_FALSE(media.find(other)) << other;
}

TEST_F(MediaTest, TheOldestGoesForRoom) {
    put("first", 'a', 1, 40);
    put("second", 'b', 2, 40);
    put("third", 'c', 3, 40);
    EXPECT_FALSE(media.find(name('a')));
    EXPECT_TRUE(media.find(name('b')));
    EXPECT_TRUE(media.find(name('c')));
}

TEST_F(MediaTest, WhatWasNeverWrittenGoesAfterAWhile) {
    put("written", 'a', 1);
    put("given-up", 'b', 1);
    put("young", 'c', 50);
    media.forget_unwritten(40, [](const std::string& id) { return id == "written"; });
    EXPECT_TRUE(media.find(name('a')));
    EXPECT_FALSE(media.find(name('b')));
    EXPECT_TRUE(media.find(name('c')));
}

class NotePicturesTest : public ::testing::Test {
  protected:
    NotePicturesTest() {
        options.web = {kHelper, 320, 75, 64u << 10};
        options.fetch.ca_file = server.ca_file();
        options.fetch.near = {"localhost"};
        options.fetch.most_bytes = 1u << 20;
        server.file("/boat.jpg", "image/jpeg", photo);
    }
    Message attached(const std::vector<std::pair<std::string, std::string>>& pictures) {
        NotePictures fetch(office, options, [](const std::string& url) {
            return url.find("blocked") == std::string::npos;
        });
        Message message;
        message.text = "Look";
        WaitingNote note;
        for (const auto& [path, description] : pictures)
            note.pictures.push_back({server.url(path), "image/png", description});
        EXPECT_TRUE(fetch.attach(message, note));
        return message;
    }
    FileServer server;
    FakeOffice office;
    PictureOptions options;
    const std::string photo = shrink::jpeg(1200, 900, shrink::meadow, 6);
};

TEST_F(NotePicturesTest, BecomeSmallAttachmentsThatAreOpenedAgain) {
    const Message message = attached({{"/boat.jpg", "a red boat"}, {"/boat.jpg", ""}});
    EXPECT_EQ(message.text, "Look");
    ASSERT_EQ(message.attachments.size(), 2u);
    EXPECT_EQ(message.attachments[0].name, "a red boat.jpg");
    EXPECT_EQ(message.attachments[1].name, "picture.jpg");
    auto first = attachment(message, 1);
    ASSERT_TRUE(first.ok()) << first.error().text;
    EXPECT_EQ((*first)->about().name, "a red boat.jpg");
    EXPECT_EQ((*first)->about().type, "image/jpeg");
    const std::string bytes = bytes_of(std::move(*first));
    EXPECT_EQ(bytes.size(), message.attachments[0].bytes);
    EXPECT_LT(bytes.size(), photo.size());
    EXPECT_EQ(bytes.substr(0, 3), "\xFF\xD8\xFF");
    EXPECT_EQ(bytes.find(shrink::kGpsPlace), std::string::npos);
    EXPECT_TRUE(attachment(message, 2).ok());
    EXPECT_FALSE(attachment(message, 3).ok());
}

TEST_F(NotePicturesTest, WhatCannotBeHadIsSaidAndTheRestIsKept) {
    server.file("/page", "text/html", "<html>");
    server.file("/lie.png", "image/png", "<html><script>");
    server.file("/torn.jpg", "image/jpeg", photo.substr(0, photo.size() / 2));
    server.file("/bomb.png", "image/png", shrink::png_claiming(60'000, 60'000));
    server.file("/large.jpg", "image/jpeg", std::string(2u << 20, 'x'));
    server.file("/drawing", "image/svg+xml", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>");
    for (const char* path : {"/page", "/lie.png", "/torn.jpg", "/bomb.png", "/large.jpg",
                             "/drawing", "/missing", "/blocked"}) {
        const Message message = attached({{path, "a cat"}, {"/boat.jpg", "a boat"}});
        EXPECT_EQ(message.text, "Look [not fetched: 1]") << path;
        ASSERT_EQ(message.attachments.size(), 1u) << path;
        EXPECT_EQ(message.attachments[0].name, "a boat.jpg");
    }
    const Message nothing = attached({{"/missing", {}}});
    EXPECT_TRUE(nothing.attachments.empty());
    EXPECT_EQ(nothing.body.size, 0u);
}

TEST_F(NotePicturesTest, NothingIsFetchedFromThisNetwork) {
    options.fetch.near.clear();
    const Message message = attached({{"/boat.jpg", "a boat"}});
    EXPECT_TRUE(message.attachments.empty());
    EXPECT_TRUE(server.asked().empty());
}

TEST_F(NotePicturesTest, CutItSaysSoInsteadOfGoingWithoutThem) {
    NotePictures fetch(office, options, [](const std::string&) { return true; });
    fetch.cut();
    Message message;
    WaitingNote note;
    note.pictures.push_back({server.url("/boat.jpg"), "image/png", {}});
    EXPECT_FALSE(fetch.attach(message, note));
}

TEST(Welcome, IsWhoHasAYesOfSomebodyToWhomItGoes) {
    FakeOffice office;
    FakePeople people;
    people.add("ana");
    people.add("ben");
    Message message;
    message.from = {"acct", "bob@x.org"};
    message.to = {{"acct", "ana@hill.example"}, {"group", "ben"}};
    EXPECT_FALSE(is_welcome(office, people, message));
    people.consents[{"ben", message.from}] = Consent::Given;
    EXPECT_FALSE(is_welcome(office, people, message)) << "it does not go to ben";
    people.consents[{"ana", message.from}] = Consent::Pending;
    EXPECT_FALSE(is_welcome(office, people, message));
    people.consents[{"ana", message.from}] = Consent::Given;
    EXPECT_TRUE(is_welcome(office, people, message));
    office.verdict = [](const Address&) {
        return Verdict{Verdict::Kind::Refused, Verdict::Reason::NotAllowed, "no"};
    };
    EXPECT_FALSE(is_welcome(office, people, message));
}

}  // namespace
}  // namespace waypost::activitypub
