// SPDX-License-Identifier: Apache-2.0
// The fields of RFC 3464, kept and broken, and where they stand in a mail.
#include "bridges/email/mime/delivery_status.h"

#include <gtest/gtest.h>

#include <string>

#include "bridges/email/mime/read_mail.h"

namespace waypost::email {
namespace {

using Action = DeliveryReport::Action;

std::vector<DeliveryReport> read(const std::string& text) { return read_delivery_status(text); }

TEST(DeliveryStatus, LineEndsAndBlankLinesOfEveryKind) {
    const std::string well =
        "Reporting-MTA: dns; mx.example\n\nFinal-Recipient: rfc822; a@x.org\nAction: failed\n"
        "Status: 5.1.1\n\nFinal-Recipient: rfc822; b@x.org\nAction: delayed\nStatus: 4.2.2\n";
    const auto with = [&](const std::string& end) {
        std::string text;
        for (const char c : well) text += c == '\n' ? end : std::string(1, c);
        return text;
    };
    std::string no_blank = well;
    for (std::size_t at; (at = no_blank.find("\n\n")) != no_blank.npos;) no_blank.erase(at, 1);
    std::string many;  // a blank line after each
    for (const char c : well) many += c == '\n' ? std::string("\n\n") : std::string(1, c);
    for (const std::string& text : {well, with("\r\n"), with("\r"), no_blank, many}) {
        const auto reports = read(text);
        ASSERT_EQ(reports.size(), 2u) << text;
        EXPECT_EQ(reports[0].action, Action::Failed);
        EXPECT_EQ(reports[0].recipient, mailto("a", "x.org"));
        EXPECT_EQ(reports[0].status, "5.1.1");
        EXPECT_EQ(reports[1].action, Action::Delayed);
        EXPECT_EQ(reports[1].recipient, mailto("b", "x.org"));
    }
}

TEST(DeliveryStatus, RecipientsInEveryDress) {
    for (const char* dress :
         {"rfc822; bob@x.org", "rfc822;bob@x.org", "RFC822; <bob@x.org>", "bob@x.org",
          "<bob@x.org>", "rfc822; Bob Smith <bob@x.org>", "utf-8; bob@x.org",
          "smtp; \"Bob\" <bob@X.org>", "X400; c=US;a= ;o=x;dda:SMTP=bob@x.org;",
          "\r\n  rfc822; bob@x.org"}) {
        const auto reports =
            read(std::string("Final-Recipient: ") + dress + "\r\nAction: failed\r\n");
        ASSERT_EQ(reports.size(), 1u) << dress;
        EXPECT_EQ(reports[0].recipient, mailto("bob", "x.org")) << dress;
    }
    const auto nobody = read("Final-Recipient: local; bob\nAction: failed\n");
    ASSERT_EQ(nobody.size(), 1u);
    EXPECT_TRUE(nobody[0].recipient.empty());
    EXPECT_EQ(read("Original-Recipient: rfc822; @\nFinal-Recipient: b@x.org\nAction: failed\n")[0]
                  .recipient,
              mailto("b", "x.org"));
}

TEST(DeliveryStatus, WhatBecameOfItIsSaidByWhateverIsThere) {
    struct Case {
        const char* fields;
        Action action;
        const char* status;
    };
    for (const Case& each : std::vector<Case>{
             {"Action: Failed (gone)\nStatus: 5.1.1", Action::Failed, "5.1.1"},
             {"Action: failure\nStatus: 553 too large", Action::Failed, ""},
             {"Action: error", Action::Failed, ""},
             {"Action: delayed\nStatus: 5.0.0", Action::Delayed, "5.0.0"},
             {"Action: failed\nStatus: 4.4.7", Action::Failed, "4.4.7"},
             {"Action: expanded\nStatus: 2.0.0", Action::Relayed, "2.0.0"},
             {"Status: 5.2.2 (full)", Action::Failed, "5.2.2"},
             {"Status: 4.4.1", Action::Delayed, "4.4.1"},
             {"Diagnostic-Code: smtp; 550 no", Action::Failed, ""},
             {"Diagnostic-Code: smtp;550-5.7.1 no", Action::Failed, "5.7.1"},
             {"Diagnostic-Code: smtp; 451 4.7.1 later", Action::Delayed, "4.7.1"},
             {"Action: what?\nStatus: 5.1.1", Action::Failed, "5.1.1"},
             // 5.0.0 says nothing; what the other server said does. Another class would not.
             {"Action: failed\nStatus: 5.0.0\nDiagnostic-Code: smtp; 550-5.7.1 spam",
              Action::Failed, "5.7.1"},
             {"Action: failed\nStatus: 5.0.0\nDiagnostic-Code: smtp; 450 4.7.1 hm", Action::Failed,
              "5.0.0"},
         }) {
        const auto reports = read(std::string("Final-Recipient: rfc822; b@x.org\n") + each.fields);
        ASSERT_EQ(reports.size(), 1u) << each.fields;
        EXPECT_EQ(reports[0].action, each.action) << each.fields;
        EXPECT_EQ(reports[0].status, each.status) << each.fields;
    }
    EXPECT_TRUE(read("Final-Recipient: rfc822; b@x.org\n").empty());
    EXPECT_TRUE(read("Final-Recipient: rfc822; b@x.org\nAction: sung\n").empty());
    EXPECT_TRUE(read("").empty());
}

TEST(DeliveryStatus, OfManyRecipientsAHundredCount) {
    std::string text;
    for (int i = 0; i < 5000; ++i) text += "Final-Recipient: rfc822; b@x.org\nAction: failed\n\n";
    EXPECT_EQ(read(text).size(), 100u);
    EXPECT_LE(read("Action: failed\nDiagnostic-Code: x; " + std::string(100000, 'y'))[0]
                  .diagnostic.size(),
              120u);
}

const std::string kFields =
    "Reporting-MTA: dns; mx\r\n\r\nFinal-Recipient: rfc822; bob@x.org\r\nAction: failed\r\n"
    "Status: 5.1.1\r\n";
const std::string kReturned =
    "Content-Type: message/rfc822\r\n\r\nFrom: ana@hill.example\r\nMessage-ID: "
    "<k1@hill.example>\r\n\r\nhi\r\n";

std::string mixed(const std::string& type, const std::string& first, const std::string& second) {
    return "Content-Type: " + type + "; boundary=B\r\n\r\n--B\r\n" + first + "\r\n--B\r\n" +
           second + "\r\n--B--\r\n";
}

TEST(DeliveryReport, FieldsCountWhereverTheyStand) {
    const std::string fields = "Content-Type: message/delivery-status\r\n\r\n" + kFields;
    const std::string global = "Content-Type: message/global-delivery-status\r\n\r\n" + kFields;
    const std::string plain = "Content-Type: text/plain\r\n\r\n" + kFields;
    const std::string from = "From: MAILER-DAEMON@mx\r\nMessage-ID: <own@mx>\r\n";
    for (const std::string& mail : {
             from + mixed("multipart/report", fields, kReturned),
             from + mixed("multipart/report; report-type=delivery-status", global, kReturned),
             from + mixed("multipart/report; report-type=x", fields, kReturned),
             from + mixed("multipart/mixed", fields, kReturned),
             from + mixed("multipart/mixed", plain, kReturned),
             // Of somebody who is no mail system by name, in its proper form.
             "From: robot@mx\r\n" + mixed("multipart/report", fields, kReturned),
             // A gateway added its disclaimer around it.
             from + "Content-Type: multipart/mixed; boundary=A\r\n\r\n--A\r\n" +
                 mixed("multipart/report", fields, kReturned) +
                 "\r\n--A\r\n\r\nThis mail is confidential.\r\n--A--\r\n",
             // Or sent the whole report on inside of a mail of its own.
             from +
                 "Content-Type: multipart/mixed; boundary=A\r\n\r\n--A\r\nContent-Type: "
                 "message/rfc822\r\n\r\nFrom: postmaster@mx\r\n" +
                 mixed("multipart/report", fields, kReturned) + "\r\n--A--\r\n",
         }) {
        const auto report = read_mail(mail)->report;
        ASSERT_TRUE(report) << mail;
        EXPECT_EQ(report->action, Action::Failed);
        EXPECT_EQ(report->recipient, mailto("bob", "x.org")) << mail;
        EXPECT_EQ(report->status, "5.1.1");
        EXPECT_EQ(report->message_id, "<k1@hill.example>") << mail;
    }
    EXPECT_FALSE(read_mail("From: bob@x.org\r\nSubject: see what I got\r\n" +
                           mixed("multipart/mixed", fields, kReturned))
                     ->report)
        << "a person sends it on";
}

TEST(DeliveryReport, TheTextSaysWhatTheFieldsLeaveOut) {
    const auto report =
        read_mail("From: MAILER-DAEMON@mx\r\n" +
                  mixed("multipart/report; report-type=delivery-status",
                        "\r\nYour message could not be delivered to:\r\n\r\n<bob@x.org>:\r\n550 "
                        "5.2.2 Mailbox full\r\n",
                        "Content-Type: message/delivery-status\r\n\r\nFinal-Recipient: rfc822; "
                        "bob@x.org\r\nAction: failed\r\nStatus: 5.0.0\r\n"))
            ->report;
    ASSERT_TRUE(report);
    EXPECT_EQ(report->status, "5.2.2");
    EXPECT_EQ(report->diagnostic, "550 5.2.2 Mailbox full");
    EXPECT_EQ(report->message_id, "");
}

}  // namespace
}  // namespace waypost::email
