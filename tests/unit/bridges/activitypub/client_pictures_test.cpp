// SPDX-License-Identifier: Apache-2.0
// Pictures that leave and come by somebody's account.
#include <gtest/gtest.h>

#include "bridges/email/mime/mail_attachment.h"
#include "bridges/email/mime/mail_files.h"
#include "gateway/message/text.h"
#include "tests/fakes/fake_people.h"
#include "tests/fakes/file_server.h"
#include "tests/fakes/pictures.h"
#include "tests/unit/bridges/activitypub/client_server.h"

namespace waypost::activitypub::client {
namespace {

struct ClientPictures : testing::Test {
    ClientPictures()
        : files(box.office, {{"email", email::open_mail_attachment}},
                {WAYPOST_BIN "/waypost-shrink", 200, 75, 64u << 10}),
          letters(box.gate(), *box.session, &files) {
        box.in();
    }
    // A mail with a photo that tells where it was made, and a plan.
    Delivery mail() const {
        Delivery d;
        d.attempt = {1, 1};
        d.to = {"acct", "bob@far.example"};
        d.text = "See";
        d.author = "ana";
        d.written = wall_from_ms(1795788300'000);
        d.body_network = "email";
        d.body.bytes = email::files_original(
            "See",
            {{{"our goat.jpg", "image/jpeg", 0}, {}, shrink::jpeg(900, 600, shrink::meadow, 1)},
             {{"plan.pdf", "application/pdf", 0}, {}, std::string(3000, 'x')}});
        d.body.size = d.body.bytes.size();
        return d;
    }
    Outcome send(const Delivery& delivery) { return letters.send(delivery, "waypost-1"); }
    std::vector<PeerRequest> asked(const std::string& target) const {
        std::vector<PeerRequest> some;
        for (const PeerRequest& each : server.peer.asked())
            if (each.target == target) some.push_back(each);
        return some;
    }
    MastoServer server;
    FakePeople people;
    ClientBox box{server};
    AttachedFiles files;
    Letters letters;
};

TEST_F(ClientPictures, AreUploadedWithTheirDescriptionAndNamedByTheStatus) {
    const Outcome sent = send(mail());
    EXPECT_EQ(sent.kind, Outcome::Kind::Sent) << sent.detail;
    const auto uploads = asked("/api/v2/media");
    ASSERT_EQ(uploads.size(), 1u);
    const std::string& form = uploads[0].body;
    EXPECT_EQ(uploads[0].header("authorization"), "Bearer secret");
    EXPECT_NE(form.find("name=\"description\"\r\n\r\nour goat\r\n"), std::string::npos);
    EXPECT_NE(form.find("Content-Type: image/jpeg\r\n\r\n\xFF\xD8\xFF"), std::string::npos);
    EXPECT_EQ(form.find(shrink::kGpsPlace), std::string::npos);
    const auto posts = asked("/api/v1/statuses");
    ASSERT_EQ(posts.size(), 1u);
    EXPECT_NE(posts[0].body.find("media_ids%5B%5D=m1"), std::string::npos) << posts[0].body;
    EXPECT_NE(posts[0].body.find("not%20sent%20along%3A%20plan.pdf%202.9k"), std::string::npos)
        << posts[0].body;
}

TEST_F(ClientPictures, AServerThatTakesNoneGetsTheirNames) {
    server.takes_media = false;
    EXPECT_EQ(send(mail()).kind, Outcome::Kind::Sent);
    const auto posts = asked("/api/v1/statuses");
    ASSERT_EQ(posts.size(), 1u);
    EXPECT_EQ(posts[0].body.find("media_ids"), std::string::npos);
    EXPECT_NE(posts[0].body.find("our%20goat.jpg"), std::string::npos) << posts[0].body;
}

TEST_F(ClientPictures, WhatMayHaveLeftIsKnownWithItsPicture) {
    server.own_status("9", "<p>@bob See</p><p>[not sent along: plan.pdf 2.9k]</p>",
                      "bob@far.example");
    Delivery again = mail();
    again.wire_id = "waypost-1";
    EXPECT_EQ(send(again).detail, "it was there already");
    EXPECT_TRUE(asked("/api/v2/media").empty());
}

TEST_F(ClientPictures, AndWithoutIt) {
    const std::string small = short_size(files.of(mail()).pictures.at(0).picture.jpeg.size());
    server.own_status(
        "9", "<p>@bob See</p><p>[not sent along: plan.pdf 2.9k, our goat.jpg " + small + "]</p>",
        "bob@far.example");
    Delivery again = mail();
    again.wire_id = "waypost-1";
    EXPECT_EQ(send(again).detail, "it was there already");
}

TEST_F(ClientPictures, AMailWithoutAnOriginalHasNone) {
    Delivery d = mail();
    d.body = {};
    EXPECT_EQ(send(d).kind, Outcome::Kind::Sent);
    EXPECT_TRUE(asked("/api/v2/media").empty());
}

TEST_F(ClientPictures, AMentionForWhosePictureThereIsNoRoomComesWithoutIt) {
    FileServer far;
    far.file("/boat.jpg", "image/jpeg", shrink::jpeg(900, 600, shrink::meadow));
    people.add("ana");
    people.consents[{"ana", {"acct", "bob@far.example"}}] = Consent::Given;
    box.office.people_view = &people;
    PictureOptions options;
    options.web = {WAYPOST_BIN "/waypost-shrink", 200, 75, 64u << 10};
    options.fetch.ca_file = far.ca_file();
    options.fetch.near = {"localhost"};
    options.fetch.most_bytes = 1u << 20;
    NotePictures pictures(box.office, options, [](const std::string&) { return true; });
    Mentions mentions(box.gate(), &pictures);
    ASSERT_FALSE(mentions.look(box.in()));
    server.mention("a", "<p>Look",
                   R"(,"media_attachments":[{"type":"image","description":"a boat","url":")" +
                       far.url("/boat.jpg") + "\"}]");
    int asked = 0;  // whether he may write at all; then with the picture
    box.office.verdict = [&](const Address&) {
        const bool full = ++asked == 2;
        return full ? Verdict{Verdict::Kind::Refused, Verdict::Reason::QuotaFull, "full"}
                    : Verdict{};
    };
    ASSERT_FALSE(mentions.look(box.in()));
    ASSERT_EQ(box.office.accepted.size(), 2u);
    EXPECT_EQ(box.office.accepted[0].attachments.size(), 1u);
    EXPECT_TRUE(box.office.accepted[1].attachments.empty());
    EXPECT_EQ(box.office.accepted[1].body.size, 0u);
    EXPECT_EQ(mentions.counters().taken, 1u);
}

}  // namespace
}  // namespace waypost::activitypub::client
