// SPDX-License-Identifier: Apache-2.0
// Bounces that are only text, in the forms of those that send them; written for these tests.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "bridges/email/mime/bounce_parts.h"
#include "bridges/email/mime/bounce_text.h"
#include "bridges/email/mime/read_mail.h"

namespace waypost::email {
namespace {

using Action = DeliveryReport::Action;

const std::string kReturned =
    "Received: from hill.example\nFrom: ana@hill.example\nTo: bob@x.org\n"
    "Message-ID: <k1@hill.example>\nSubject: hi\n\nMessage-ID: <text@x>\n";

struct Form {
    const char* name;
    const char* header;
    std::string text;
    Action action;
    const char* recipient;
    const char* status;
    const char* diagnostic;
};

const std::vector<Form> kForms = {
    {"qmail", "From: MAILER-DAEMON@mx.x.org\nSubject: failure notice\n",
     "Hi. This is the qmail-send program at mx.x.org.\nI'm afraid I wasn't able to deliver your "
     "message to the following addresses.\nThis is a permanent error; I've given up. Sorry it "
     "didn't work out.\n\n<bob@x.org>:\nSorry, no mailbox here by that name. (#5.1.1)\n\n"
     "--- Below this line is a copy of the message.\n\n" +
         kReturned,
     Action::Failed, "bob@x.org", "5.1.1", "Sorry, no mailbox here by that name. (#5.1.1)"},
    {"Exim", "From: Mail Delivery System <Mailer-Daemon@mx>\nX-Failed-Recipients: bob@x.org\n",
     "This message was created automatically by mail delivery software.\n\nA message that you "
     "sent could not be delivered to one or more of its\nrecipients. This is a permanent error. "
     "The following address(es) failed:\n\n  bob@x.org\n    host mx.x.org [192.0.2.1]\n    SMTP "
     "error from remote mail server after RCPT TO:<bob@x.org>:\n    550 5.1.1 User unknown\n\n"
     "------ This is a copy of the message, including all the headers. ------\n\n" +
         kReturned,
     Action::Failed, "bob@x.org", "5.1.1", "550 5.1.1 User unknown"},
    {"Exim's warning", "From: Mail Delivery System <Mailer-Daemon@mx>\n",
     "A message that you sent has not yet been delivered to one or more of its\nrecipients after "
     "more than 24 hours on the queue on mx.\n\nThe address to which the message has not yet been "
     "delivered is:\n\n  bob@x.org\n\nNo action is required on your part. Delivery attempts will "
     "continue for\nsome time. Eventually the mail delivery software will give up,\nand the "
     "message will be returned to you.\n",
     Action::Delayed, "bob@x.org", "", nullptr},
    {"old Postfix", "From: MAILER-DAEMON@mx (Mail Delivery System)\n",
     "This is the Postfix program at host mx.\n\nI'm sorry to have to inform you that the message "
     "returned\nbelow could not be delivered to one or more destinations.\n\nFor further "
     "assistance, please contact <help@mx.example>\n\n<bob@x.org>: host mx.x.org[192.0.2.1] "
     "said: 552 5.2.2\n    over quota\n",
     Action::Failed, "bob@x.org", "5.2.2", "552 5.2.2 over quota"},
    {"old Sendmail", "From: Mail Delivery Subsystem <MAILER-DAEMON@mx>\n",
     "The original message was received at Sat, 14 Oct 2000 06:14:45 +0200\n\n   ----- The "
     "following addresses had permanent fatal errors -----\n<bob@x.org>\n\n   ----- Transcript of "
     "session follows -----\n550 <bob@x.org>... User unknown\n\n   ----- Original message follows "
     "-----\n\n" +
         kReturned,
     Action::Failed, "bob@x.org", "", "550 <bob@x.org>... User unknown"},
    {"Sendmail's warning",
     "From: MAILER-DAEMON@mx\nSubject: Warning: could not send message for past 4 hours\n",
     "    **      THIS IS A WARNING MESSAGE ONLY      **\n    **  YOU DO NOT NEED TO RESEND YOUR "
     "MESSAGE  **\n\n   ----- The following addresses had transient non-fatal errors "
     "-----\n<bob@x.org>\n\n   ----- Transcript of session follows -----\n451 bob@x.org: mx "
     "refused to talk to me\nWarning: message still undelivered after 4 hours\nWill keep trying "
     "until message is 5 days old\n",
     Action::Delayed, "bob@x.org", "", nullptr},
    {"Exchange 2007", "From: postmaster@x.org\nSubject: Undeliverable: hi\n",
     "Delivery has failed to these recipients or groups:\n\nBob (bob@x.org)<mailto:bob@x.org>\n"
     "The e-mail address was not found. Microsoft Exchange will not try to redeliver this message "
     "for you.\n\nDiagnostic information for administrators:\n\nGenerating server: "
     "mx.x.org\n\nbob@x.org\n#550 5.1.1 RESOLVER.ADR.RecipNotFound; not found ##\n\nOriginal "
     "message headers:\n\n" +
         kReturned,
     Action::Failed, "bob@x.org", "5.1.1", "550 5.1.1 RESOLVER.ADR.RecipNotFound; not found ##"},
    {"Exchange 5.5", "From: System Administrator <postmaster@x.org>\nSubject: Undeliverable: hi\n",
     "Your message\n\n  To:      friends@hill.example\n  Subject: hi\n\ndid not reach the "
     "following recipient(s):\n\nbob@x.org on Fri, 20 Jul 2001 11:08:59 -0700\n    The recipient "
     "name is not recognized\n",
     Action::Failed, "bob@x.org", "", nullptr},
    {"Domino", "From: Postmaster@x.org\nSubject: DELIVERY FAILURE: User bob not listed\n",
     "Your message\n\n  Subject: awaits moderator approval\n\nwas not delivered to:\n\n  "
     "bob@x.org\n\nbecause:\n\n  User bob (bob@x.org) not listed in Domino Directory\n",
     Action::Failed, "bob@x.org", "", nullptr},
    {"Gmail", "From: Mail Delivery Subsystem <mailer-daemon@googlemail.com>\n",
     "** Address not found **\n\nYour message wasn't delivered to bob@x.org because the address "
     "couldn't be found, or is unable to receive mail.\n\nThe response was:\n\n550 5.1.1 The "
     "email account that you tried to reach does not exist. - gsmtp\n\n----- Original message "
     "-----\n\n" +
         kReturned,
     Action::Failed, "bob@x.org", "5.1.1", nullptr},
    {"Gmail tries on", "From: Mail Delivery Subsystem <mailer-daemon@googlemail.com>\n",
     "** Delivery incomplete **\n\nThere was a temporary problem delivering your message to "
     "bob@x.org. Gmail will retry for 46 more hours. You'll be notified if the delivery fails "
     "permanently.\n",
     Action::Delayed, "bob@x.org", "", nullptr},
    {"Yahoo", "From: MAILER-DAEMON@yahoo.com\nSubject: Failure Notice\n",
     "Sorry, we were unable to deliver your message to the following address.\n\n<bob@x.org>:\n"
     "554: 5.7.9 Message not accepted for policy reasons.\n\n--- Below this line is a copy of the "
     "message.\n\n" +
         kReturned,
     Action::Failed, "bob@x.org", "5.7.9", "554: 5.7.9 Message not accepted for policy reasons."},
    {"a relay of iCloud", "From: <Mailer-Daemon@mail.example> (Mail Delivery System)\n",
     "I'm sorry to have to inform you that your message could not\nbe delivered to one or more "
     "recipients.\n\n<bob@x.org>: 550 5.1.6 recipient no longer on server: bob@x.org\n",
     Action::Failed, "bob@x.org", "5.1.6", "550 5.1.6 recipient no longer on server: bob@x.org"},
    {"GroupWise names nobody", "From: Mailer-Daemon@x.org\nSubject: Mail failure - no such user\n",
     "The message that you sent was undeliverable to the following:\n\tbob (user not found)\n",
     Action::Failed, "", "", nullptr},
    {"in HTML only",
     "From: postmaster@x.org\nSubject: Undeliverable: hi\nContent-Type: text/html\n",
     "<html><p>Delivery has failed to these recipients or groups:</p><p><a "
     "href=\"mailto:bob@x.org\">bob@x.org</a><br>The mailbox is full.</p><p>Diagnostic "
     "information for administrators:</p><p>bob@x.org<br>Remote Server returned '554 5.2.2 "
     "mailbox full'</p></html>",
     Action::Failed, "bob@x.org", "5.2.2", nullptr},
    {"DragonFly", "From: MAILER-DAEMON <>\nSubject: Mail delivery failed\n",
     "There was an error delivering your mail to <bob@x.org>.\n\nmx.x.org [192.0.2.1] did not "
     "like our final DATA:\n550-5.7.26 Unauthenticated email is not accepted\n\n550 5.7.26 "
     "see x\n\nMessage headers follow.\n\n" +
         kReturned,
     Action::Failed, "bob@x.org", "5.7.26", nullptr},
    {"with a curly apostrophe", "From: postmaster@x.org\nSubject: Notice\n",
     "Your message couldn\u2019t be delivered to bob@x.org.\n", Action::Failed, "bob@x.org", "",
     nullptr},
    {"in German, from <>", "From: Mailsystem <mail@x.org>\nSubject: Unzustellbar: Hallo\n",
     "Ihre Nachricht konnte nicht zugestellt werden:\n\nbob@x.org\n", Action::Failed, "bob@x.org",
     "", nullptr},
};

TEST(BounceText, EachFormIsRead) {
    for (const Form& form : kForms) {
        const std::string head = std::string(form.header) +
                                 "To: ana@hill.example\nMessage-ID: "
                                 "<own@mx>\n\n";
        const auto report = read_mail(head + form.text)->report;
        ASSERT_TRUE(report) << form.name;
        EXPECT_EQ(report->action, form.action) << form.name;
        EXPECT_EQ(report->recipient.value, form.recipient) << form.name;
        EXPECT_EQ(report->status, form.status) << form.name;
        if (form.diagnostic) {
            EXPECT_EQ(report->diagnostic, form.diagnostic) << form.name;
        }
        const bool returned = form.text.find(kReturned) != std::string::npos;
        EXPECT_EQ(report->message_id, returned ? "<k1@hill.example>" : "") << form.name;
    }
}

// Google Workspace leaves the part for the fields empty and names the recipient in the header.
TEST(BounceText, StandsInForFieldsThatAreEmpty) {
    const auto report =
        read_mail(
            "From: Mail Delivery Subsystem <mailer-daemon@googlemail.com>\nX-Failed-Recipients: "
            "bob@x.org\nContent-Type: multipart/report; report-type=delivery-status; "
            "boundary=B\n\n--B\n\n** Message not delivered **\n\nYour settings are out of "
            "date.\n\nThe response was:\n\n550 5.7.1 relaying denied\n--B\nContent-Type: "
            "message/delivery-status\n\n\n--B\nContent-Type: message/rfc822\n\n" +
            kReturned + "--B--\n")
            ->report;
    ASSERT_TRUE(report);
    EXPECT_EQ(report->action, Action::Failed);
    EXPECT_EQ(report->recipient, mailto("bob", "x.org"));
    EXPECT_EQ(report->status, "5.7.1");
    EXPECT_EQ(report->message_id, "<k1@hill.example>");
}

TEST(BounceText, OnlyTheReturnedMailsIdCounts) {
    EXPECT_EQ(returned_message_id("\n\n> Subject: x\n> Message-Id:\n>  <k1@x>\n"), "<k1@x>");
    EXPECT_EQ(returned_message_id("all headers.\n\n----\nTo: a\nMessage-ID: <k1@x>\n"), "<k1@x>");
    EXPECT_EQ(returned_message_id("To: a\n\nMessage-ID: <in@text>\n"), "");
    EXPECT_EQ(returned_message_id("To: a\nMessage-ID: \nReferences: <other@x>\n"), "");
    EXPECT_EQ(returned_message_id("X-Original-Message-ID: <other@x>\n"), "");
    EXPECT_EQ(returned_message_id("Received: x Message-ID: <k1@x> To: y\n"), "<k1@x>")
        << "HTML made one line of it";
    const auto own = read_mail(
        "From: MAILER-DAEMON@mx\nMessage-ID: <own@mx>\n\nUndeliverable: <bob@x.org>\n\n--- Below "
        "this line is a copy of the message.\n\nMessage-ID: <own@mx>\n");
    ASSERT_TRUE(own->report);
    EXPECT_EQ(own->report->message_id, "");
}

TEST(BounceParts, CodesAreNoVersionsAndNoNumbers) {
    EXPECT_EQ(find_status("host[5.1.1.2] (Exim 4.92.3) said (#5.1.1)"), "5.1.1");
    EXPECT_EQ(find_status("550-5.7.26 x"), "5.7.26");
    EXPECT_EQ(find_status("5.1.1"), "5.1.1");
    EXPECT_EQ(find_status("5.1."), "");
    EXPECT_EQ(find_status("15.1.1 5.8.1 3.1.1 5.1.1234"), "");
    EXPECT_EQ(find_reply("relay 192.0.2.450 took 5500 said '550 no'"), 34u);
    EXPECT_EQ(find_reply("port 25, 4500 bytes, 599 x"), std::string_view::npos);
    EXPECT_EQ(find_address("@ a@ @b <bob@x.org>.")->address, mailto("bob", "x.org"));
    EXPECT_EQ(find_address("mailto:bob@x.org...")->address, mailto("bob", "x.org"));
    EXPECT_FALSE(find_address("no @ address@"));
}

}  // namespace
}  // namespace waypost::email
