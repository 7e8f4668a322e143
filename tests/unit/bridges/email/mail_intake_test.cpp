// SPDX-License-Identifier: Apache-2.0
// What becomes of a mail between the session and the office.
#include "bridges/email/mail_intake.h"

#include <gtest/gtest.h>

#include "tests/fakes/fake_office.h"

namespace waypost::email {
namespace {

struct Submission {
    const char* envelope;  // "" is the null sender
    const char* from;      // the whole field's value; "" leaves the field out
    bool kept;
};

Verdict comes(FakeOffice& office, const Submission& mail, bool submitted) {
    Verdict verdict;
    IntakeOptions options;
    options.trusted = true;
    options.submitted = submitted;
    MailIntake intake(office, options,
                      [&](const std::vector<Verdict>& all) { verdict = all.front(); });
    Envelope envelope;
    if (*mail.envelope) envelope.from = *parse_address(mail.envelope);
    envelope.to = {mailto("ben", "hill.example")};
    const std::string from = *mail.from ? "From: " + std::string(mail.from) + "\r\n" : "";
    EXPECT_TRUE(intake.body(from + "Subject: ford\r\n\r\nhello\r\n"));
    if (const auto at_once = intake.finish(envelope)) verdict = at_once->front();
    return verdict;
}

TEST(MailIntake, WhoSignedInWritesUnderThatAddressOnly) {
    for (const Submission& each : {
             Submission{"ana@hill.example", "Ana <ana@hill.example>", true},
             {"ana@hill.example", "ANA@Hill.Example", true},
             {"ana+list@hill.example", "ana@hill.example", true},
             {"ana@hill.example", "ana+list@hill.example", true},
             {"ana@hill.example", "", true},
             {"ana@hill.example", "ben@hill.example", false},
             {"ana@hill.example", "carl@x.org", false},
             {"ana@hill.example", "ana@x.org", false},
             {"ana@hill.example", "carl@x.org, ana@hill.example", false},
             {"joe@else.test", "joe@else.test", true},
             {"bounces@lists.test", "joe@else.test", true},
             {"joe@else.test", "ana@hill.example", false},
             {"", "Mail Delivery System <mailer-daemon@else.test>", true},
         }) {
        FakeOffice office;
        const Verdict verdict = comes(office, each, true);
        EXPECT_EQ(verdict.kept(), each.kept) << each.envelope << " as " << each.from;
        EXPECT_EQ(office.accepted.size(), each.kept ? 1u : 0u);
        if (!each.kept) {
            EXPECT_EQ(verdict.reason, Verdict::Reason::NotAllowed);
        }
    }
}

TEST(MailIntake, WhatAServerHandsOverIsNoSubmission) {
    FakeOffice office;
    EXPECT_TRUE(comes(office, {"list@hill.example", "carl@x.org", false}, false).kept());
    EXPECT_FALSE(office.accepted.back().submitted);
}

}  // namespace
}  // namespace waypost::email
