// SPDX-License-Identifier: Apache-2.0
#include "bridges/email/smtp/esmtp_parameters.h"

#include <gtest/gtest.h>

namespace waypost::email {
namespace {

TEST(EsmtpParameters, OfAMail) {
    const auto all =
        parse_mail_parameters("SIZE=500 body=8bitmime SMTPUTF8 RET=HDRS  ENVID=k3+2Bf9+20x");
    ASSERT_TRUE(all.ok()) << all.error().text;
    EXPECT_EQ(all->size, 500u);
    EXPECT_EQ(all->envelope_id, "k3+f9 x");
    ASSERT_TRUE(parse_mail_parameters("").ok());
    EXPECT_EQ(parse_mail_parameters("")->envelope_id, "");
    EXPECT_TRUE(parse_mail_parameters("ENVID=" + std::string(100, 'x')).ok());
}

TEST(EsmtpParameters, OfAMailThatAreNone) {
    for (const char* unknown :
         {"FOO=1", "FOO", "BODY=BINARYMIME", "SMTPUTF8=1", "=1", "NOTIFY=NEVER"}) {
        const auto read = parse_mail_parameters(unknown);
        ASSERT_FALSE(read.ok()) << unknown;
        EXPECT_EQ(read.error().code, Code::NotFound) << unknown;
    }
    const std::string too_long = "ENVID=" + std::string(101, 'x');
    for (const char* wrong : {"SIZE=",
                              "SIZE",
                              "SIZE=-1",
                              "SIZE=1x",
                              "SIZE=999999999999999999999",
                              "RET=",
                              "RET=BODY",
                              "ENVID=",
                              "ENVID",
                              "ENVID=a=b",
                              "ENVID=+4",
                              "ENVID=+",
                              "ENVID=+zz",
                              "ENVID=+2b",
                              "ENVID=a+0D+0Ab",
                              "ENVID=+00",
                              "ENVID=\xc3\xa4",
                              "RET=FULL RET=FULL",
                              "SIZE=1 size=2",
                              too_long.c_str()}) {
        const auto read = parse_mail_parameters(wrong);
        ASSERT_FALSE(read.ok()) << wrong;
        EXPECT_EQ(read.error().code, Code::BadInput) << wrong;
    }
}

TEST(EsmtpParameters, OfARecipient) {
    const auto usual = parse_recipient_parameters("");
    ASSERT_TRUE(usual.ok());
    EXPECT_TRUE(usual->usual());
    const auto all = parse_recipient_parameters("NOTIFY=success,DELAY ORCPT=RFC822;a+2Bb@x.org");
    ASSERT_TRUE(all.ok()) << all.error().text;
    EXPECT_TRUE(all->delivered);
    EXPECT_FALSE(all->failed);
    EXPECT_TRUE(all->late);
    EXPECT_EQ(all->recipient, "rfc822;a+b@x.org");
    const auto never = parse_recipient_parameters("NOTIFY=never");
    ASSERT_TRUE(never.ok());
    EXPECT_TRUE(never->silence());
    const auto foreign = parse_recipient_parameters("ORCPT=utf-8;j\xc3\xb6rg@x.org");
    ASSERT_TRUE(foreign.ok()) << "RFC 6533 lets it in";
    EXPECT_EQ(foreign->recipient, "");
}

TEST(EsmtpParameters, OfARecipientThatAreNone) {
    const std::string too_long = "ORCPT=rfc822;" + std::string(500, 'x');
    for (const char* wrong :
         {"NOTIFY=", "NOTIFY", "NOTIFY=NEVER,SUCCESS", "NOTIFY=SUCCESS,SUCCESS", "NOTIFY=,",
          "NOTIFY=SUCCESS,", "NOTIFY=OFTEN", "ORCPT=", "ORCPT=a@b", "ORCPT=;a@b", "ORCPT=rfc822;",
          "ORCPT=rf c822;a@b", "ORCPT=rfc822;a+0Ab", "ORCPT=rfc_822;a@b",
          "NOTIFY=NEVER NOTIFY=NEVER", too_long.c_str()}) {
        EXPECT_FALSE(parse_recipient_parameters(wrong).ok()) << wrong;
    }
    const auto unknown = parse_recipient_parameters("SIZE=1");
    ASSERT_FALSE(unknown.ok());
    EXPECT_EQ(unknown.error().code, Code::NotFound);
}

TEST(EsmtpParameters, AreReadAsTheyAreWritten) {
    const Wish wishes[] = {{}, {true, true, true, "rfc822;a+b=c@x.org"}, {false, false, false, ""}};
    for (const Wish& wish : wishes) {
        const auto mail = parse_mail_parameters(mail_parameters(wish, "k3 f9+="));
        ASSERT_TRUE(mail.ok()) << mail_parameters(wish, "k3 f9+=");
        EXPECT_EQ(mail->envelope_id, "k3 f9+=");
        const auto back = parse_recipient_parameters(recipient_parameters(wish));
        ASSERT_TRUE(back.ok()) << recipient_parameters(wish);
        EXPECT_EQ(back->delivered, wish.delivered);
        EXPECT_EQ(back->failed, wish.failed);
        EXPECT_EQ(back->late, wish.late);
        EXPECT_EQ(back->recipient, wish.recipient);
    }
    // What has no form that a server must take is left out.
    EXPECT_EQ(mail_parameters({}, std::string(101, 'x')), " RET=HDRS");
    EXPECT_EQ(recipient_parameters({false, true, true, "rfc822;" + std::string(500, 'x')}),
              " NOTIFY=FAILURE,DELAY");
}

}  // namespace
}  // namespace waypost::email
