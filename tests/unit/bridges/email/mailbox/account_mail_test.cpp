// SPDX-License-Identifier: Apache-2.0
#include "bridges/email/mailbox/account_mail.h"

#include <gtest/gtest.h>

namespace waypost::email {
namespace {

Delivery delivery() {
    Delivery d;
    d.from = mailto("village", "provider.test");
    d.from_name = "An\xc3\xa1 (hill)";
    d.subject = "ford [#k3f9m2xq]";
    return d;
}

TEST(AccountMailTest, OnlyWhatTheAccountMustSayIsReplaced) {
    const std::string mail = under_account(
        "Received: by hill.test\r\nDKIM-Signature: v=1;\r\n b=abc\r\nFrom: Ana\r\n "
        "<ana@hill.test>\r\n"
        "Sender: x@y\r\nTo: bob@x.test\r\nSubject: ford\r\n across\r\nMessage-ID: <1@hill.test>\r\n"
        "\r\nFrom: the body\r\n",
        delivery());
    EXPECT_EQ(mail.rfind("From: ", 0), 0u) << mail;
    EXPECT_NE(mail.find("<village@provider.test>"), std::string::npos) << mail;
    EXPECT_EQ(mail.find("ana@hill.test"), std::string::npos) << mail;
    EXPECT_EQ(mail.find("b=abc"), std::string::npos) << mail;
    EXPECT_EQ(mail.find("Sender:"), std::string::npos) << mail;
    EXPECT_NE(mail.find("Subject: ford\r\n across [#k3f9m2xq]\r\n"), std::string::npos) << mail;
    EXPECT_NE(mail.find("Message-ID: <1@hill.test>\r\n"), std::string::npos) << mail;
    EXPECT_NE(mail.find("\r\n\r\nFrom: the body\r\n"), std::string::npos) << mail;
    EXPECT_EQ(mail.find("An\xc3\xa1"), std::string::npos) << "headers are ASCII: " << mail;
}

TEST(AccountMailTest, OddMailsStayMails) {
    Delivery d = delivery();
    d.reply_to = mailto("village+ana", "provider.test");
    for (const char* odd : {"", "\r\n", "\r\nbody", "From: a@b", "no colon\r\n\r\n", " fold\r\n"}) {
        const std::string mail = under_account(odd, d);
        EXPECT_NE(mail.find("village+ana@provider.test>\r\n"), std::string::npos) << odd;
        EXPECT_NE(mail.find("Subject: [#k3f9m2xq]\r\n"), std::string::npos) << odd;
        EXPECT_NE(mail.find("\r\n\r\n"), std::string::npos) << odd;
    }
    d.from_name = "Ana\r\nBcc: eve@x.test";
    EXPECT_EQ(under_account("\r\n", d).find("\r\nBcc:"), std::string::npos)
        << "a name adds no header";
}

}  // namespace
}  // namespace waypost::email
