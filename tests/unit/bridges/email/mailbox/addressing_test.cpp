// SPDX-License-Identifier: Apache-2.0
#include "bridges/email/mailbox/addressing.h"

#include <gtest/gtest.h>

#include "bridges/email/mailbox/subject_token.h"
#include "tests/fakes/memory_state.h"

namespace waypost::email {
namespace {

constexpr char kToken[] = "k7q2m4x9b3c8d6f5";  // the shape of a reply token

Account village() {
    Account account;
    account.address = mailto("village", "provider.test");
    account.aliases = {mailto("hillpost", "provider.test")};
    account.separator = "+";
    account.domain = "hill.test";
    account.village = "hill";
    return account;
}

class AddressingTest : public ::testing::Test {
  protected:
    void SetUp() override {
        memory_.load(state_);
        memory_.remember({"<1@hill.test>", "ana+" + std::string(kToken), "k3f9m2xq", 0});
    }
    // The first way, as "a@b c@d"; what comes last is always who looks after the box.
    std::string first(const std::string& header, const Account& account) {
        const auto all = recipients(read_mail_header(header + "\r\n\r\n"), account, memory_);
        std::string text;
        for (const Address& each : all.front()) text += (text.empty() ? "" : " ") + each.value;
        return text;
    }
    MemoryState state_;
    SentMemory memory_;
};

struct Case {
    const char* name;
    std::string header;
    std::string to;
};

TEST_F(AddressingTest, ForWhomAMailOfTheVillageIs) {
    const std::vector<Case> cases = {
        {"plus in To", "To: <village+ana@provider.test>", "ana@hill.test"},
        {"plus in To and Cc",
         "To: x@y.test, Ana <village+ana@Provider.Test>\r\nCc: Village+Ben@provider.test",
         "ana@hill.test ben@hill.test"},
        {"the provider names this copy's own reader",
         "Delivered-To: village+ben@provider.test\r\nTo: village+ana@provider.test",
         "ben@hill.test"},
        {"it names only the mailbox",
         "Delivered-To: village@provider.test\r\nTo: village+ana@provider.test", "ana@hill.test"},
        {"blind copy", "X-Original-To: village+ana@provider.test\r\nTo: list@x.test",
         "ana@hill.test"},
        {"an alias", "To: hillpost+ana@provider.test", "ana@hill.test"},
        {"the answer to a Reply-To", "To: village+ana." + std::string(kToken) + "@provider.test",
         "ana+" + std::string(kToken) + "@hill.test"},
        {"a dot that is no token", "To: village+ana.shop@provider.test", "ana.shop@hill.test"},
        {"another provider's village", "To: village+ana@other.test", "postmaster@hill.test"},
        {"a longer name", "To: villagers+ana@provider.test", "postmaster@hill.test"},
        {"nothing behind the plus", "To: village+@provider.test", "postmaster@hill.test"},
        {"answers a mail of hers", "To: village@provider.test\r\nIn-Reply-To: <1@hill.test>",
         "ana+" + std::string(kToken) + "@hill.test"},
        {"a thread in which hers is", "References: <0@x> <1@hill.test> <2@x>\r\nIn-Reply-To: <2@x>",
         "ana+" + std::string(kToken) + "@hill.test"},
        {"the mark in the subject", "Subject: Re: ford [#K3F9M2XQ]",
         "ana+" + std::string(kToken) + "@hill.test"},
        {"the mark, encoded", "Subject: =?utf-8?Q?AW:_F=C3=BCrt_=5B#k3f9m2xq=5D?=",
         "ana+" + std::string(kToken) + "@hill.test"},
        {"a mark that is not ours", "Subject: [#k3f9m2xr]", "postmaster@hill.test"},
        {"none of it", "Subject: hello\r\nTo: village@provider.test", "postmaster@hill.test"},
        {"plus comes first", "To: village+ben@provider.test\r\nIn-Reply-To: <1@hill.test>",
         "ben@hill.test"},
    };
    for (const Case& each : cases) EXPECT_EQ(first(each.header, village()), each.to) << each.name;
}

TEST_F(AddressingTest, WhatTheFirstWayDoesNotFindTheNextOnesDo) {
    const auto all = recipients(
        read_mail_header("To: village+nobody@provider.test\r\nIn-Reply-To: <1@hill.test>\r\n\r\n"),
        village(), memory_);
    ASSERT_EQ(all.size(), 3u);
    EXPECT_EQ(all[1].front().local_part(), "ana+" + std::string(kToken));
    EXPECT_EQ(all[2].front().value, "postmaster@hill.test");
}

TEST_F(AddressingTest, WithoutPlusAddressesAPlusSaysNothing) {
    Account account = village();
    account.separator.clear();
    EXPECT_EQ(first("To: village+ana@provider.test", account), "postmaster@hill.test");
}

TEST_F(AddressingTest, InAPersonsOwnAccountAllIsHers) {
    Account account = village();
    account.person = "ana";
    EXPECT_EQ(first("To: village+shop@provider.test", account), "ana@hill.test");
    EXPECT_EQ(first("Subject: hello", account), "ana@hill.test");
    EXPECT_EQ(first("In-Reply-To: <1@hill.test>", account),
              "ana+" + std::string(kToken) + "@hill.test")
        << "with the token, so that the answer is admitted";
    account.person = "ben";
    EXPECT_EQ(first("In-Reply-To: <1@hill.test>", account), "ben@hill.test")
        << "not with somebody else's";
}

TEST_F(AddressingTest, APlusAddressOfOursIsNoWayOut) {
    EXPECT_EQ(person_behind(mailto("village+ben", "provider.test"), village()), "ben");
    EXPECT_EQ(
        person_behind(mailto("village+ben." + std::string(kToken), "provider.test"), village()),
        "ben");
    EXPECT_EQ(person_behind(mailto("village", "provider.test"), village()), "");
    EXPECT_EQ(person_behind(mailto("bob+ben", "provider.test"), village()), "");
}

TEST_F(AddressingTest, AReportIsForWhoSentTheMail) {
    const auto all = recipients_of_report(read_mail_header("To: village@provider.test\r\n\r\n"),
                                          "<1@hill.test>", village(), memory_);
    EXPECT_EQ(all.front().front().local_part(), "ana+" + std::string(kToken));
}

Delivery letter() {
    Delivery delivery;
    delivery.from = mailto("ana", "hill.test");
    delivery.from_name = "Ana";
    delivery.to = mailto("bob", "x.test");
    delivery.reply_to = mailto("ana+" + std::string(kToken), "hill.test");
    delivery.text = "Come to the ford";
    return delivery;
}

TEST_F(AddressingTest, AsTheAccountSendsIt) {
    const Delivery out = as_account(letter(), village(), "");
    EXPECT_EQ(out.from.value, "village@provider.test");
    EXPECT_EQ(out.from_name, "Ana (hill)");
    EXPECT_EQ(out.reply_to.value, "village+ana." + std::string(kToken) + "@provider.test");
    EXPECT_TRUE(out.subject.empty());
    const Address back =
        recipients(read_mail_header("To: " + out.reply_to.value + "\r\n\r\n"), village(), memory_)
            .front()
            .front();
    EXPECT_EQ(back, letter().reply_to) << "an answer comes back to what it was inside";
}

TEST_F(AddressingTest, WithoutPlusAddressesTheSubjectSaysIt) {
    Account account = village();
    account.separator.clear();
    Delivery out = as_account(letter(), account, "k3f9m2xq");
    EXPECT_TRUE(out.reply_to.empty());
    EXPECT_EQ(out.subject, "Come to the ford [#k3f9m2xq]");
    EXPECT_EQ(as_account(out, account, "k3f9m2xq").subject, out.subject) << "said once";
}

TEST_F(AddressingTest, NamesAndLimits) {
    Account account = village();
    account.person = "ana";
    EXPECT_EQ(as_account(letter(), account, "").from_name, "Ana");
    account = village();
    account.address = mailto(std::string(50, 'v'), "provider.test");
    EXPECT_TRUE(plus_address(letter().reply_to, account).empty()) << "longer than RFC 5321 allows";
    Delivery outside = letter();
    outside.from = mailto("carl", "else.test");
    outside.from_name.clear();
    outside.reply_to = {};
    const Delivery passed = as_account(outside, village(), "");
    EXPECT_EQ(passed.from.value, "village@provider.test");
    EXPECT_EQ(passed.from_name, "carl (hill)");
    EXPECT_EQ(passed.reply_to.value, "carl@else.test");
}

TEST(SubjectTokenTest, TheirShape) {
    const auto random = seeded_random(1);
    const std::string token = make_subject_token(*random);
    EXPECT_EQ(token.size(), 8u);
    EXPECT_NE(token, make_subject_token(*random));
    EXPECT_EQ(subject_tokens(with_subject_token("Re: x", token)), std::vector{token});
    for (const char* none : {"[#]", "[#k3f9m2x", "[#k3f9m2x]", "[#k3f9m2xql]", "[#k3f9m2x0]", "[#"})
        EXPECT_TRUE(subject_tokens(none).empty()) << none;
    std::string many;
    for (int i = 0; i < 50; ++i) many += "[#k3f9m2xq]";
    EXPECT_EQ(subject_tokens(many).size(), 10u);
}

TEST(MailHeaderTest, HostileHeadersAreBounded) {
    std::string many;
    for (int i = 0; i < 5000; ++i) many += "To: a" + std::to_string(i) + "@x.test\r\n";
    EXPECT_LE(read_mail_header(many + "\r\n").named.size(), 100u);
    std::string folds = "To: a@x.test";
    for (int i = 0; i < 20000; ++i) folds += ",\r\n b@x.test";
    EXPECT_LE(read_fields(folds + "\r\n\r\n").front().value.size(), 16u * 1024);
    for (const char* odd : {"", "\r\n", ":\r\n", " fold\r\n", "To", "To:\r\n \r\n", "\n\n\n"})
        EXPECT_TRUE(read_mail_header(odd).named.empty()) << odd;
}

TEST(MailHeaderTest, WhatElseItSays) {
    const MailHeader header = read_mail_header(
        "Return-Path: <>\r\nReceived: from a by b; Thu, 26 Nov 2026 10:00:00 +0000\r\n"
        "Received: from c by d; Thu, 26 Nov 2026 09:00:00 +0000\r\n"
        "Date: Wed, 25 Nov 2026 10:00:00 +0000\r\n"
        "Content-Type: multipart/report;\r\n report-type=delivery-status\r\n\r\nTo: body@x.test");
    EXPECT_FALSE(header.envelope_from.has_value());
    EXPECT_TRUE(header.report);
    EXPECT_EQ(header.received, 1795687200);
    EXPECT_TRUE(header.named.empty()) << "the body is no header";
    EXPECT_TRUE(read_mail_header("Subject: x\r\n\r\n").envelope_from.has_value())
        << "nothing said is not the null sender";
}

}  // namespace
}  // namespace waypost::email
