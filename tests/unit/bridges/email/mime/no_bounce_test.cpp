// SPDX-License-Identifier: Apache-2.0
// What looks like a bounce and is none, and what a hostile one costs.
#include <gtest/gtest.h>

#include <chrono>
#include <string>

#include "bridges/email/mime/read_mail.h"

namespace waypost::email {
namespace {

const std::string kQuoted =
    "> This is the qmail-send program.\n> I wasn't able to deliver your message to the following "
    "addresses.\n>\n> <bob@x.org>:\n> 550 5.1.1 no such user\n";
const std::string kSaid =
    "Your message could not be delivered to the following address:\n\n<bob@x.org>:\n550 5.1.1 no "
    "such user\n";

struct Case {
    const char* name;
    std::string mail;
};

const std::vector<Case> kNone = {
    {"a person writes about one", "From: bob@x.org\nSubject: your mail\n\nHi Ana,\n" + kSaid},
    {"a person quotes one", "From: bob@x.org\nSubject: Re: failure notice\n\nAgain:\n" + kQuoted},
    {"a postmaster quotes one", "From: postmaster@x.org\nSubject: what I see\n\n" + kQuoted},
    {"a person forwards one", "From: bob@x.org\nSubject: Fwd: Undelivered Mail\n\n" + kSaid},
    {"a person answers under its subject",
     "From: bob@x.org\nSubject: Undelivered Mail Returned to Sender\nIn-Reply-To: <k@x>\n\n" +
         kSaid},
    {"a person attaches one",
     "From: bob@x.org\nSubject: look\nContent-Type: multipart/mixed; boundary=B\n\n--B\n\nlook\n"
     "--B\nContent-Type: message/rfc822\n\nFrom: MAILER-DAEMON@x\nContent-Type: multipart/report; "
     "boundary=C\n\n--C\nContent-Type: message/delivery-status\n\nFinal-Recipient: "
     "rfc822;b@x.org\nAction: failed\n--C--\n--B--\n"},
    {"out of office",
     "From: bob@x.org\nSubject: Out of office: hi\nAuto-Submitted: auto-replied\n\nI am away. Mail "
     "to me is not delivered to anyone else.\n"},
    {"an automatic answer by a daemon",
     "From: MAILER-DAEMON@x.org\nX-Autoreply: yes\n\nYour message was not delivered to bob@x.org, "
     "who has left.\n"},
    {"a list's moderator",
     "From: postmaster@lists.x.org\nSubject: Your message to talk\n\nYour message was not "
     "delivered to talk@x.org yet.\nIt is being held until the moderator can review it.\n"},
    {"a challenge",
     "From: postmaster@x.org\nSubject: Please confirm\n\nYour message to bob@x.org could not be "
     "delivered.\nTo confirm your address, click here.\n"},
    {"a read receipt",
     "From: bob@x.org\nContent-Type: multipart/report; report-type=disposition-notification; "
     "boundary=B\n\n--B\n\nYour message was displayed. It was not delivered to others.\n--B\n"
     "Content-Type: message/disposition-notification\n\nFinal-Recipient: rfc822; "
     "bob@x.org\nOriginal-Message-ID: <k@x>\nDisposition: "
     "manual-action/MDN-sent-manually; displayed\n--B--\n"},
    {"deleted unread",
     "From: bob@x.org\nContent-Type: multipart/report; report-type=disposition-notification; "
     "boundary=B\n\n--B\n\nYour message was deleted without being read.\n--B\n"
     "Content-Type: message/disposition-notification\n\nFinal-Recipient: rfc822; "
     "bob@x.org\nDisposition: automatic-action/MDN-sent-automatically; deleted\n--B--\n"},
    {"another kind of report",
     "From: abuse@x.org\nContent-Type: multipart/report; report-type=feedback-report; "
     "boundary=B\n\n--B\n\nThis is an abuse report.\n--B\nContent-Type: "
     "message/feedback-report\n\nFeedback-Type: abuse\nOriginal-Rcpt-To: <bob@x.org>\n--B--\n"},
    {"a newsletter from <>",
     "From: news@x.org\nSubject: Comic\n\nIf mail to you is returned as undeliverable,\nyou may be "
     "removed. Write to help@x.org.\n"},
    {"a system's other mail", "From: postmaster@x.org\nSubject: Maintenance\n\nOn Friday.\n"},
    {"fields in a person's text",
     "From: bob@x.org\n\nFinal-Recipient: rfc822; b@x.org\nAction: failed\nStatus: 5.1.1\n"},
};

TEST(NoBounce, IsTakenForOne) {
    for (const Case& each : kNone) EXPECT_FALSE(read_mail(each.mail)->report) << each.name;
}

TEST(NoBounce, ANullSenderAloneMakesNone) {
    const MailEnvelope null{.null_sender = true};
    for (const Case& each : kNone) {
        const bool would_be_one = std::string(each.name) == "a person writes about one" ||
                                  std::string(each.name) == "fields in a person's text" ||
                                  std::string(each.name) == "a person attaches one" ||
                                  std::string(each.name) == "a person answers under its subject";
        EXPECT_EQ(read_mail(each.mail, {}, null)->report.has_value(), would_be_one) << each.name;
    }
    EXPECT_FALSE(read_mail("From: bob@x.org\nSubject: hi\n\nHow are you?\n", {}, null)->report);
}

TEST(Bounce, SievesRejectionIsOneThoughItIsAReceipt) {
    const auto report =
        read_mail(
            "From: postmaster@x.org\nContent-Type: multipart/report; "
            "report-type=disposition-notification; boundary=B\n\n--B\n\nYour message to "
            "<bob@x.org> was automatically rejected:\nNo.\n--B\nContent-Type: "
            "message/disposition-notification\n\nFinal-Recipient: rfc822; "
            "bob@x.org\nOriginal-Message-ID: <k1@hill.example>\nDisposition: "
            "automatic-action/MDN-sent-automatically; deleted\n--B--\n")
            ->report;
    ASSERT_TRUE(report);
    EXPECT_EQ(report->action, DeliveryReport::Action::Failed);
    EXPECT_EQ(report->recipient, mailto("bob", "x.org"));
    EXPECT_EQ(report->message_id, "<k1@hill.example>");
}

// A megabyte of each. One that were read in square time would take minutes.
TEST(Bounce, AHostileOneIsReadInLinearTime) {
    const auto took = [](const std::string& body) {
        const auto begin = std::chrono::steady_clock::now();
        EXPECT_TRUE(read_mail("From: MAILER-DAEMON@x\nSubject: Undeliverable\n\n" + body).ok());
        return std::chrono::steady_clock::now() - begin;
    };
    for (const std::string piece :
         {"a@b.c ", "@", "5", "5.1.", "550 5.1.1\n", "Message-ID:", "could not be delivered\n",
          "\r", "<bob@x.org>:\n", "Final-Recipient: rfc822; a@b.c\nAction: failed\n", "aaaaaaa@",
          "--- original message\n", " \n", "\u2019", "<", "'", "550-", "(#"}) {
        std::string body;
        while (body.size() < 1024 * 1024) body += piece;
        EXPECT_LT(took(body), std::chrono::seconds(5)) << piece;
    }
}

}  // namespace
}  // namespace waypost::email
