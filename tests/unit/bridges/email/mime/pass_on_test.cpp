// SPDX-License-Identifier: Apache-2.0
// What a mail brings along: what a server in front found out, and its own bytes on the way on.
#include "bridges/email/mime/pass_on.h"

#include <gtest/gtest.h>

#include <sstream>

#include "bridges/email/mime/authentication_results.h"
#include "bridges/email/mime/read_mail.h"

namespace waypost::email {
namespace {

bool passed(const std::string& header) { return dmarc_passed({header}, "mx.hill.example"); }

TEST(AuthenticationResults, OnlyAResultCounts) {
    EXPECT_TRUE(passed("mx.hill.example; dmarc=pass header.from=example.org"));
    EXPECT_TRUE(
        passed("MX.hill.example 1; spf=pass smtp.mailfrom=a@b.c;\r\n\tdmarc=pass (p=none)"));
    EXPECT_FALSE(passed("mx.hill.example; dmarc=fail header.from=example.org"));
    EXPECT_FALSE(passed("mx.hill.example; none"));
    EXPECT_FALSE(passed("mx.hill.example"));
    EXPECT_FALSE(passed("mx.hill.example.evil.org; dmarc=pass")) << "another's name";
    EXPECT_FALSE(passed("mx.hill.example; spf=none smtp.mailfrom=dmarc=pass@evil.org"));
    EXPECT_FALSE(passed("mx.hill.example; spf=none smtp.mailfrom=\"x; dmarc=pass\"@evil.org"));
    EXPECT_FALSE(passed("mx.hill.example; spf=none (x; dmarc=pass; (y) dmarc=pass); dkim=none"));
    EXPECT_FALSE(passed("mx.hill.example; dmarc=fail; dmarc=pass")) << "the first one";
    EXPECT_FALSE(dmarc_passed({"x; dmarc=pass", "mx.hill.example; dmarc=pass"}, "mx.hill.example"));
    EXPECT_FALSE(dmarc_passed({"; dmarc=pass"}, ""));
}

TEST(ReadMail, ALargeOneIsReadToItsEnd) {
    std::stringstream mail;
    mail << "From: a@b.c\r\nContent-Type: multipart/mixed; boundary=B\r\n\r\n";
    for (int photo = 0; photo < 3; ++photo) {
        mail << "--B\r\nContent-Type: image/jpeg; name=p.jpg\r\n"
                "Content-Transfer-Encoding: base64\r\n\r\n";
        for (int line = 0; line < 20000; ++line) mail << std::string(76, 'A') << "\r\n";
    }
    mail << "--B\r\nContent-Type: text/plain\r\n\r\nbehind the photos\r\n--B--\r\n";
    const auto read = read_mail(mail);
    ASSERT_TRUE(read.ok());
    EXPECT_EQ(read->text, "behind the photos");
    ASSERT_EQ(read->attachments.size(), 3u);
    EXPECT_EQ(read->attachments[2].bytes, 20000u * 57);
}

TEST(ReadMail, ABombInAStreamIsCutOffToo) {
    std::stringstream mail;
    mail << "From: a@b.c\r\nContent-Type: multipart/mixed; boundary=B\r\n\r\n";
    for (int part = 0; part < 10000; ++part) mail << "--B\r\n\r\nx\r\n";
    const auto read = read_mail(mail);
    ASSERT_TRUE(read.ok());
    EXPECT_LE(read->text.size(), 1000u);
    std::stringstream endless(std::string(300 * 1024, 'x'));
    EXPECT_FALSE(read_mail(endless).ok());
    std::stringstream nothing;
    EXPECT_NO_THROW((void)read_mail(nothing));
}

TEST(ReadMail, OnlyTheWordNoSaysThatAMailIsNotAutomatic) {
    const auto automatic = [](const std::string& value) {
        return read_mail("From: a@b.c\r\nAuto-Submitted: " + value + "\r\n\r\nx\r\n")->automatic;
    };
    EXPECT_FALSE(automatic("no"));
    EXPECT_FALSE(automatic("No (said by hand)"));
    EXPECT_TRUE(automatic("auto-notified; owner-email=a@b.c"));
    EXPECT_TRUE(automatic("auto-replied"));
}

TEST(PassOn, NoByteOfTheMailChanges) {
    const std::string original =
        "From: a@b.c\r\nDKIM-Signature: x\r\n\r\nReply-To: is said in the text\r\n\xff\r\n.\r\n";
    const std::string mail = pass_on(
        original,
        {"hill.example", "7", mailto("ana+t", "hill.example"), wall_from_ms(1700000000000)});
    EXPECT_EQ(mail,
              "Received: by hill.example (Waypost) id 7; Tue, 14 Nov 2023 22:13:20 +0000\r\n"
              "X-Waypost-Loop: hill.example\r\nReply-To: <ana+t@hill.example>\r\n" +
                  original);
    const auto again = read_mail(mail);
    ASSERT_TRUE(again.ok());
    EXPECT_EQ(again->loop_tags, (std::vector<std::string>{"hill.example"}));
}

TEST(PassOn, ItsOwnReplyToWins) {
    const std::string original = "From: a@b.c\r\nreply-to: other@b.c\r\n\r\nx\r\n";
    const std::string mail =
        pass_on(original, {"hill.example", "7", mailto("ana+t", "hill.example"), {}});
    EXPECT_EQ(mail.find("Reply-To"), std::string::npos) << mail;
}

}  // namespace
}  // namespace waypost::email
