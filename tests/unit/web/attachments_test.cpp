// SPDX-License-Identifier: Apache-2.0
// GET /messages/ID/attachments and /attachments/N, as the console will ask for them.
#include <gtest/gtest.h>

#include "api_village.h"
#include "bridges/email/mime/mail_attachment.h"
#include "bridges/email/mime/read_mail.h"
#include "tests/fakes/pictures.h"

namespace waypost::api {
namespace {

struct Got {
    Reply reply;
    std::string bytes;  // of the content
    std::string json() const { return json_of(reply); }
};

class AttachmentsTest : public ApiVillage {
  protected:
    AttachmentsTest() {
        name("ana", "!0000000a");
        tools_.open_attachment["email"] = email::open_mail_attachment;
        tools_.shrinker = std::make_shared<Shrinker>(WAYPOST_BIN "/waypost-shrink");
    }

    // A mail with these parts, each a header and a body in base64.
    MessageId take(const std::vector<std::pair<std::string, std::string>>& parts) {
        std::string mail =
            "From: bob@x.org\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; "
            "boundary=b\r\n\r\n--b\r\n\r\nsee these\r\n";
        for (const auto& [header, content] : parts) {
            mail += "--b\r\n" + header + "\r\nContent-Disposition: attachment\r\n\r\n" + content +
                    "\r\n";
        }
        mail += "--b--\r\n";
        auto parsed = email::read_mail(mail);
        Message message = letter(parsed->from.uri(), "ana@hill.example", parsed->text);
        message.attachments = parsed->attachments;
        message.body.size = mail.size();
        message.body.bytes = std::move(mail);
        return hand(message).message;
    }

    Got get(const std::string& path) {
        Got got;
        (void)ask([&](Desk&) -> Result<void> {
            Desk desk(*office_, tools_);
            got.reply = answer(desk, on_the_box("GET", path));
            if (got.reply.content) {
                std::ostringstream out;
                EXPECT_TRUE(got.reply.content(out).ok());
                got.bytes = out.str();
                EXPECT_EQ(got.bytes.size(), got.reply.content_bytes);
            }
            return {};
        });
        return got;
    }
    std::string at(MessageId id, const std::string& rest = {}) {
        return "/messages/" + std::to_string(id) + "/attachments" + rest;
    }

    DeskTools tools_;
};

TEST_F(AttachmentsTest, AreListedAndGivenAsTheyAreForSaving) {
    const MessageId id =
        take({{"Content-Type: application/pdf; name=\"../../plan one.pdf\"", "%PDF"},
              {"Content-Type: text/html; name=a.html", "<script>bad()</script>"},
              {"Content-Type: image/svg+xml; name=\"e\u0301t\u00e9 \\\"x\\\".svg\"", "<svg/>"}});
    const Got list = get(at(id));
    EXPECT_EQ(list.reply.status, 200);
    EXPECT_NE(list.json().find("\"number\":1,\"type\":\"application/pdf\""), std::string::npos)
        << list.json();
    EXPECT_NE(list.json().find("plan one.pdf"), std::string::npos) << list.json();
    EXPECT_EQ(list.json().find(".."), std::string::npos) << list.json();

    const Got plan = get(at(id, "/1"));
    EXPECT_EQ(plan.bytes, "%PDF");
    EXPECT_EQ(plan.reply.content_type, "application/pdf");
    EXPECT_EQ(plan.reply.headers.at("Content-Disposition"),
              "attachment; filename=\"plan one.pdf\"; filename*=UTF-8''plan%20one.pdf");
    for (int i = 2; i <= 3; ++i) {
        const Got active = get(at(id, "/" + std::to_string(i)));
        EXPECT_EQ(active.reply.content_type, "application/octet-stream");
        EXPECT_EQ(active.reply.headers.at("X-Content-Type-Options"), "nosniff");
        EXPECT_EQ(active.reply.headers.at("Content-Security-Policy"),
                  "default-src 'none'; sandbox");
        const std::string how = active.reply.headers.at("Content-Disposition");
        EXPECT_EQ(how.rfind("attachment; ", 0), 0u);
        EXPECT_EQ(std::count(how.begin(), how.end(), '"'), 2) << how;
    }
}

TEST_F(AttachmentsTest, AnOpeningIsOnRecordAndAListIsNone) {
    const MessageId id = take({{"Content-Type: application/pdf; name=a.pdf", "x"}});
    get(at(id));
    const auto opened = [&] {
        const auto events = events_of(id);
        return std::count(events.begin(), events.end(), "opened");
    };
    EXPECT_EQ(opened(), 0);
    get(at(id, "/1"));
    EXPECT_EQ(opened(), 1);
    get(at(id, "/2"));
    EXPECT_EQ(opened(), 1) << "there is none";
}

TEST_F(AttachmentsTest, WhatCannotBeHadIsSaid) {
    const MessageId id = take({{"Content-Type: application/pdf; name=a.pdf", "x"}});
    EXPECT_EQ(get(at(999)).reply.status, 404);
    EXPECT_EQ(get(at(id, "/0")).reply.status, 404);
    EXPECT_EQ(get(at(id, "/2")).reply.status, 404);
    EXPECT_NE(get(at(id, "/2")).json().find("has 1 attachment"), std::string::npos);
    EXPECT_EQ(get(at(id, "/-1")).reply.status, 404);
    EXPECT_EQ(get(at(id, "/x")).reply.status, 400);
    EXPECT_EQ(get(at(id, "/1?budget=20KB")).reply.status, 400);
    EXPECT_EQ(get(at(id, "/1?budget=1")).reply.status, 400);
    EXPECT_EQ(get(at(id, "/1?budget=20KiB")).reply.status, 400) << "no picture";
    tools_.open_attachment = {{"", email::open_mail_attachment}};
    EXPECT_EQ(get(at(id, "/1")).reply.status, 200) << "of any other network";
    tools_.open_attachment.clear();
    EXPECT_EQ(get(at(id, "/1")).reply.status, 500);
    EXPECT_EQ(get(at(id)).reply.status, 200) << "the list needs no reader";
    const Verdict plain = mail("mailto:bob@x.org", "mailto:ana@hill.example", "hello", "<p@x>");
    EXPECT_NE(get(at(plain.message)).json().find("\"attachments\":[]"), std::string::npos);
}

TEST_F(AttachmentsTest, APictureComesInTheSizeThatIsAskedFor) {
    const std::string photo = shrink::jpeg(1200, 900, shrink::meadow, 6);
    const MessageId id = take({{"Content-Type: image/jpeg; name=ford.jpg", photo}});
    ASSERT_GT(photo.size(), 100'000u);
    for (const auto& [query, most] :
         {std::pair{"/1?budget=8KiB", 8192u}, {"/1?budget=", 20'480u}}) {
        const Got small = get(at(id, query));
        EXPECT_EQ(small.reply.status, 200) << small.json();
        EXPECT_EQ(small.reply.content_type, "image/webp");
        EXPECT_LE(small.bytes.size(), most);
        EXPECT_GT(small.bytes.size(), most / 3);
        EXPECT_EQ(small.bytes.find(shrink::kGpsPlace), std::string::npos);
        EXPECT_NE(small.reply.headers.at("Content-Disposition").find("\"ford.webp\""),
                  std::string::npos);
    }
}

}  // namespace
}  // namespace waypost::api
