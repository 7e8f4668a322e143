// SPDX-License-Identifier: Apache-2.0
#include "bridges/email/mime/smtp_status.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace waypost::email {
namespace {

constexpr std::size_t kRadioBytes = 40;

struct Case {
    const char* status;
    const char* text;
    const char* words;
};

TEST(RefusalInWords, TheCommonCases) {
    const std::vector<Case> cases = {
        // The status decides where it is exact.
        {"5.1.1", "550 5.1.1 <bob@example.org>: quota", "no such address"},
        {"5.1.10", "550 5.1.10 RESOLVER.ADR.RecipientNotFound", "no such address"},
        {"5.1.2", "", "no such mail domain"},
        {"5.4.310", "550 5.4.310 DNS domain x.example does not exist", "no such mail domain"},
        {"5.2.2", "", "mailbox full"},
        {"4.2.2", "", "mailbox full"},
        {"5.3.4", "", "too large for the other side"},
        {"4.4.7", "Message timed out", "not reached in time"},
        {"5.4.6", "", "goes round in a circle"},
        // Where it says little, the text does.
        {"", "550 Requested action not taken: mailbox unavailable", "no such address"},
        {"5.0.0", "550 user unknown", "no such address"},
        {"5.3.0", "553 5.3.0 <x@example.com>... No such user here", "no such address"},
        {"5.4.1", "550 5.4.1 Recipient address rejected: Access denied", "no such address"},
        {"", "552 Quota violation for bob@example.com", "mailbox full"},
        {"", "Host or domain name not found. Name service error", "no such mail domain"},
        {"", "552 Message size exceeds fixed limit", "too large for the other side"},
        {"5.7.1", "550 5.7.1 this message is likely unsolicited mail", "refused as spam"},
        {"5.7.9", "554 5.7.9 Message not accepted for policy reasons", "refused by policy"},
        {"5.7.26", "550 5.7.26 This mail is unauthenticated", "refused by policy"},
        {"", "connect to mx.example[192.0.2.1]:25: Connection timed out", "not reached in time"},
        // A class of codes is better than nothing.
        {"5.7.1", "550 5.7.1 no", "refused by the other side"},
        {"5.4.1", "", "not reached in time"},
        {"4.7.0", "", "not reached in time"},
        // What nobody knows is said as they said it.
        {"5.6.0", "5.6.0 spam", "5.6.0 spam"},
        {"5.5.0", "", "not accepted"},
        {"", "", "not accepted"},
    };
    for (const Case& each : cases) {
        EXPECT_EQ(refusal_in_words(each.status, true, each.text), each.words)
            << each.status << ' ' << each.text;
    }
    EXPECT_LE(refusal_in_words("", true, std::string(500, 'x')).size(), kRadioBytes);
    EXPECT_EQ(refusal_in_words("", true, "550 unavailable"), "no such address");
    EXPECT_EQ(refusal_in_words("", false, "550 unavailable"), "550 unavailable")
        << "of the mail it says nothing about an address";
}

}  // namespace
}  // namespace waypost::email
