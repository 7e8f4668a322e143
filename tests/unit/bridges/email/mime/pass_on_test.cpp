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

TEST(DeliveryReport, SaysWhatBecameOfOurMail) {
    const auto report = [](const std::string& status, const std::string& original) {
        return read_mail(
                   "From: MAILER-DAEMON@mx\r\nTo: ana@hill.example\r\nContent-Type: "
                   "multipart/report; report-type=delivery-status; boundary=B\r\n\r\n"
                   "--B\r\n\r\nI am sorry.\r\n--B\r\nContent-Type: "
                   "message/delivery-status\r\n\r\n" +
                   status + "\r\n--B\r\n" + original + "\r\n--B--\r\n")
            ->report;
    };
    const std::string ours =
        "Content-Type: message/rfc822\r\n\r\nFrom: ana@hill.example\r\nMessage-ID: "
        "<k1.aa@hill.example>\r\n\r\nhi\r\n";
    const std::string failed =
        "Reporting-MTA: dns; mx\r\n\r\nFinal-Recipient: rfc822; bob@Example.org\r\n"
        "Action: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550 5.1.1 <bob@example.org>:\r\n"
        "    User unknown\r\n";
    auto found = report(failed, ours);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->action, DeliveryReport::Action::Failed);
    EXPECT_EQ(found->message_id, "<k1.aa@hill.example>");
    EXPECT_EQ(found->recipient, mailto("bob", "example.org"));
    EXPECT_EQ(found->status, "5.1.1");
    EXPECT_EQ(found->diagnostic, "550 5.1.1 <bob@example.org>: User unknown");

    // Only the headers come back; the address before a forward is the one we wrote to.
    found = report(
        "Reporting-MTA: dns; mx\r\n\r\nOriginal-Recipient: rfc822;bob@example.org\r\n"
        "Final-Recipient: rfc822; robert@elsewhere.example\r\nAction: Delivered\r\n"
        "Status: 2.0.0 (ok)\r\n",
        "Content-Type: text/rfc822-headers\r\n\r\nSubject: x\r\nMessage-Id:\r\n "
        "<k1.aa@hill.example>\r\n");
    ASSERT_TRUE(found);
    EXPECT_EQ(found->action, DeliveryReport::Action::Delivered);
    EXPECT_EQ(found->message_id, "<k1.aa@hill.example>");
    EXPECT_EQ(found->recipient, mailto("bob", "example.org"));
    EXPECT_EQ(found->status, "2.0.0");

    // The one that failed counts, wherever it stands.
    found = report(
        "Reporting-MTA: dns; mx\r\n\r\nFinal-Recipient: rfc822; a@x.org\r\nAction: relayed\r\n"
        "\r\nFinal-Recipient: rfc822; b@x.org\r\nAction: failed\r\nStatus: 5.2.2\r\n",
        ours);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->recipient, mailto("b", "x.org"));

    EXPECT_FALSE(report("", ours)) << "no action";
    found = report(failed, "Content-Type: text/plain\r\n\r\nMessage-ID: <k1@x>");
    ASSERT_TRUE(found);
    EXPECT_EQ(found->message_id, "") << "nothing was returned there";
    EXPECT_FALSE(read_mail("From: a@b.c\r\n\r\nAction: failed\r\nMessage-ID: <k1@x>\r\n")->report);
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

TEST(PassOn, BccAndWrongLineEndsDoNotGoOn) {
    const std::string mail = pass_on(
        " no header\r\nFrom: a@b.c\nBCC: secret@x.org,\r\n\tother@x.org\r\nTo: d@e.f\r\n"
        "\r\nBcc: in the text\r.\nx",
        {"hill.example", "7", {}, {}});
    EXPECT_EQ(mail.substr(mail.find("X-Way")),
              "X-Waypost-Loop: hill.example\r\nFrom: a@b.c\r\nTo: d@e.f\r\n\r\n"
              "Bcc: in the text\r\n.\r\nx");
    EXPECT_EQ(pass_on("", {"hill.example", "7", {}, {}}).find("Received: "), 0u);
}

TEST(PassOn, ItsOwnReplyToWins) {
    const std::string original = "From: a@b.c\r\nreply-to: other@b.c\r\n\r\nx\r\n";
    const std::string mail =
        pass_on(original, {"hill.example", "7", mailto("ana+t", "hill.example"), {}});
    EXPECT_EQ(mail.find("Reply-To"), std::string::npos) << mail;
}

}  // namespace
}  // namespace waypost::email
