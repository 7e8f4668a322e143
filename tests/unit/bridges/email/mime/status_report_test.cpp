// SPDX-License-Identifier: Apache-2.0
#include "bridges/email/mime/status_report.h"

#include <gtest/gtest.h>

#include "bridges/email/mime/read_mail.h"
#include "bridges/email/mime/write_mail.h"

namespace waypost::email {
namespace {

OutgoingMail notice() {
    OutgoingMail mail;
    mail.from = mailto("postmaster", "hill.example");
    mail.to = mailto("bob", "example.org");
    mail.subject = "Late: The well";
    mail.text = "It waits.";
    mail.message_id = "<n1@hill.example>";
    mail.references = {"<1@x>"};
    mail.automatic = true;
    mail.date = wall_from_ms(1'760'000'000'000);
    StatusReport report;
    report.domain = "hill.example";
    report.arrived = wall_from_ms(1'759'900'000'000);
    report.action = Report::Action::Delayed;
    report.envelope_id = "k3 f9\r\nAction: failed";
    report.original_recipient = "rfc822;ANA@hill.example";
    report.recipient = mailto("ana", "hill.example");
    report.status = "4.4.1";
    report.diagnostic = "not heard\r\nAction: failed";
    report.retry_until = wall_from_ms(1'762'000'000'000);
    report.header = header_of("From: Bob\nMessage-ID: <1@x>\r\nSubject: The well\n\nbody", 1000);
    mail.report = report;
    return mail;
}

TEST(StatusReport, IsWrittenAsOtherServersReadIt) {
    const auto bytes = write_mail(notice());
    ASSERT_TRUE(bytes.ok());
    for (const char* line :
         {"Content-Type: multipart/report; boundary=", "\treport-type=delivery-status\r\n",
          "Content-Type: message/delivery-status", "Content-Type: text/rfc822-headers",
          "Reporting-MTA: dns; hill.example\r\n", "Final-Recipient: rfc822; ana@hill.example\r\n",
          "Action: delayed\r\n", "Status: 4.4.1\r\n", "Auto-Submitted: auto-replied\r\n",
          "Original-Envelope-Id: k3 f9 Action: failed\r\n",
          "Original-Recipient: rfc822;ANA@hill.example\r\n",
          "Diagnostic-Code: x-waypost; not heard Action: failed\r\n",
          "Will-Retry-Until: Sat, 01 Nov 2025 12:26:40 +0000\r\n", "In-Reply-To: <1@x>\r\n",
          "Message-ID: <1@x>\r\n"}) {
        EXPECT_NE(bytes->find(line), std::string::npos) << line << "\n" << *bytes;
    }
    EXPECT_EQ(bytes->find("body"), std::string::npos) << "the header goes back, the text does not";
}

TEST(StatusReport, IsReadAgain) {
    OutgoingMail mail = notice();
    auto read = read_mail(*write_mail(mail));
    ASSERT_TRUE(read.ok() && read->report);
    EXPECT_EQ(read->report->action, DeliveryReport::Action::Delayed);
    EXPECT_EQ(read->report->message_id, "<1@x>");
    EXPECT_EQ(read->text, "It waits.");
    EXPECT_TRUE(read->automatic);
    mail.report->action = Report::Action::Failed;
    mail.report->status = "4.4.7";
    read = read_mail(*write_mail(mail));
    ASSERT_TRUE(read.ok() && read->report);
    EXPECT_EQ(read->report->action, DeliveryReport::Action::Failed);
    EXPECT_EQ(read->report->status, "4.4.7");
    EXPECT_EQ(read->report->recipient, mailto("ANA", "hill.example")) << "as its sender wrote it";
    mail.report->original_recipient.clear();
    mail.report->status = "2.0.0";
    mail.report->action = Report::Action::Delivered;
    read = read_mail(*write_mail(mail));
    ASSERT_TRUE(read.ok() && read->report);
    EXPECT_EQ(read->report->action, DeliveryReport::Action::Delivered);
    EXPECT_EQ(read->report->recipient, mailto("ana", "hill.example"));
    mail.report->action = Report::Action::Relayed;
    read = read_mail(*write_mail(mail));
    ASSERT_TRUE(read.ok() && read->report);
    EXPECT_EQ(read->report->action, DeliveryReport::Action::Relayed);
}

TEST(StatusReport, AHeaderIsWholeLinesWithinItsLimit) {
    EXPECT_EQ(header_of("A: 1\nB: 2\n\nC: 3\n", 100), "A: 1\r\nB: 2\r\n");
    EXPECT_EQ(header_of("A: 1\r\nB: 22222222222\r\n", 10), "A: 1\r\n");
    EXPECT_EQ(header_of("A: cut off", 100), "");
    EXPECT_EQ(header_of("", 100), "");
}

}  // namespace
}  // namespace waypost::email
