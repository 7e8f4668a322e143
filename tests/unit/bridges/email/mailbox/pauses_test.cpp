// SPDX-License-Identifier: Apache-2.0
#include "bridges/email/mailbox/pauses.h"

#include <gtest/gtest.h>

namespace waypost::email {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

TEST(PausesTest, AWrongPasswordIsNotHammered) {
    Pauses pauses;
    seconds day{0};
    int tries = 0;
    for (; day < hours(24); ++tries) day += pauses.after(Code::Refused);
    EXPECT_LE(tries, 9) << "in a day";
    EXPECT_EQ(pauses.after(Code::Refused), hours(6));
    pauses.let_in();
    EXPECT_EQ(pauses.after(Code::Refused), minutes(10));
}

TEST(PausesTest, EachTroubleHasItsOwn) {
    Pauses pauses;
    EXPECT_EQ(pauses.after(Code::Network), seconds(1));
    EXPECT_EQ(pauses.after(Code::Busy), minutes(2));
    EXPECT_EQ(pauses.after(Code::Network), seconds(2));
    EXPECT_EQ(pauses.after(Code::Full), seconds(30));
    for (int i = 0; i < 20; ++i) (void)pauses.after(Code::Network);
    EXPECT_EQ(pauses.after(Code::Network), minutes(15));
    pauses.let_in();
    EXPECT_EQ(pauses.after(Code::Network), minutes(15)) << "a login is no success yet";
    pauses.went_well();
    EXPECT_EQ(pauses.after(Code::Network), seconds(1));
}

struct Case {
    const char* said;
    bool login;
    Code code;
};

TEST(PausesTest, WhatProvidersSay) {
    const std::vector<Case> cases = {
        {"[AUTHENTICATIONFAILED] Authentication failed.", true, Code::Refused},
        {"Invalid credentials (Failure)", true, Code::Refused},
        {"[UNAVAILABLE] Temporary authentication failure.", true, Code::Busy},
        {"[ALERT] Too many simultaneous connections. (Failure)", true, Code::Busy},
        {"[THROTTLED]", false, Code::Busy},
        {"[OVERQUOTA] Account exceeded command or bandwidth limits.", false, Code::Busy},
        {"[SYS/TEMP] try later", true, Code::Busy},
        {"[LOGIN-DELAY] wait 5 minutes", true, Code::Busy},
        {"[IN-USE] another session", true, Code::Busy},
        {"no such folder", false, Code::Conflict},
    };
    for (const Case& each : cases) {
        const Error error = refusal(each.said, each.login);
        EXPECT_EQ(error.code, each.code) << each.said;
        EXPECT_NE(error.text.find(each.said), std::string::npos) << error.text;
    }
    EXPECT_LT(refusal(std::string(100'000, 'x'), true).text.size(), 300u);
}

}  // namespace
}  // namespace waypost::email
