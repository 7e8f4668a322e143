// SPDX-License-Identifier: Apache-2.0
// With nodes of the plain kind: mails as exec packets.
#include <algorithm>
#include <fstream>
#include <set>

#include "bridges/nncp/batch_smtp.h"
#include "two_boxes.h"

namespace waypost::nncp {
namespace {

using Mails = TwoBoxes;

constexpr char kMail[] =
    "Return-Path: <joe@else.test>\nFrom: Joe <joe@else.test>\nMessage-ID: <j1@else.test>\n"
    "Subject: Hay\n\nThe hay is in.\n";

TEST_F(Mails, TakeTheHandleSendmailThereAndBack) {
    hill_.sender->carry({letter(hill_, "ben@dale.example", "Hello"),
                         letter(hill_, "ben@dale.example", "Hello again", 2)});
    EXPECT_EQ(carry(hill_, dale_), 2u) << "each has its own return path";
    dale_.round();
    ASSERT_EQ(dale_.office.accepted.size(), 2u);
    for (const Message& message : dale_.office.accepted) {
        EXPECT_EQ(message.network, "email");
        EXPECT_EQ(message.transport, "nncp.test");
        EXPECT_EQ(message.peer, "nncp:village");
        EXPECT_EQ(message.return_path.domain(), "hill.example");
        EXPECT_EQ(message.text.substr(0, 5), "Hello");
        EXPECT_EQ(message.to, std::vector<Address>{mailto("ben", "dale.example")});
        EXPECT_FALSE(message.automatic);
        EXPECT_FALSE(message.trusted);
        EXPECT_EQ(message.body.bytes.size(), message.body.size);
    }
}

TEST_F(Mails, AreReportedOnToTheirReturnPath) {
    dale_.office.verdict = [](const Address& to) {
        return to.local_part() == "ben" ? Verdict{}
                                        : Verdict{Verdict::Kind::Refused,
                                                  Verdict::Reason::UnknownRecipient, "nobody", 0};
    };
    exec(hill_, dale_, {"sendmail", "ben@dale.example", "bob@dale.example"}, kMail);
    carry(hill_, dale_);
    dale_.round();
    ASSERT_EQ(dale_.office.accepted.size(), 1u);
    EXPECT_EQ(dale_.office.accepted[0].return_path, mailto("joe", "else.test"));
    EXPECT_EQ(carry(dale_, hill_), 1u);
    hill_.round();
    ASSERT_EQ(hill_.office.accepted.size(), 1u);
    const Message& bounce = hill_.office.accepted[0];
    EXPECT_EQ(bounce.to, std::vector<Address>{mailto("joe", "else.test")});
    EXPECT_TRUE(bounce.automatic);
    EXPECT_TRUE(bounce.return_path.empty());
    ASSERT_TRUE(bounce.fate);
    EXPECT_EQ(bounce.fate->wire_id, "<j1@else.test>");
    EXPECT_EQ(bounce.fate->recipient, mailto("bob", "dale.example"));
    EXPECT_EQ(bounce.fate->code, "5.1.1");
}

TEST_F(Mails, WhatNobodyTakesAndNobodyMayBeToldOfIsPutAside) {
    dale_.office.verdict = [](const Address&) {
        return Verdict{Verdict::Kind::Refused, Verdict::Reason::UnknownRecipient, "nobody", 0};
    };
    exec(hill_, dale_, {"sendmail", "bob@dale.example"},
         "Return-Path: <>\nFrom: a@b.test\n\nUndelivered\n");
    carry(hill_, dale_);
    dale_.round();
    EXPECT_EQ(put_aside(dale_, hill_), 1u);
    EXPECT_EQ(carry(dale_, hill_), 0u);
}

TEST_F(Mails, ArgumentsThatAreNoAddressesAreRefused) {
    for (const auto& words :
         std::vector<std::vector<std::string>>{{"sendmail"},
                                               {"sendmail", "-t"},
                                               {"sendmail", "-oQ/tmp@dale.example"},
                                               {"sendmail", "ben@dale.example", "-f", "x@y.test"},
                                               {"rmail", "a b@dale.example"},
                                               {"sendmail", ""}})
        exec(hill_, dale_, words, kMail);
    exec(hill_, dale_, {"rmail", "--", "ben@dale.example"}, kMail);
    carry(hill_, dale_);
    dale_.round();
    EXPECT_EQ(put_aside(dale_, hill_), 6u);
    EXPECT_EQ(dale_.office.accepted.size(), 1u);
}

TEST_F(Mails, ThatGoRoundArePutAside) {
    exec(hill_, dale_, {"sendmail", "ben@dale.example"},
         std::string("X-Waypost-Loop: dale.example\n") + kMail);
    carry(hill_, dale_);
    dale_.round();
    EXPECT_EQ(put_aside(dale_, hill_), 1u);
    EXPECT_TRUE(dale_.office.accepted.empty());
}

TEST_F(Mails, ThatAreNotTakenAreTold) {
    dale_.options.max_message_bytes = 1000;
    dale_.open();
    exec(hill_, dale_, {"sendmail", "ben@dale.example"}, kMail + std::string(2000, 'x'));
    exec(hill_, dale_, {"sendmail", "-t"}, kMail);
    exec(hill_, dale_, {"sendmail", "ben@dale.example"},
         "Return-Path: <>\nFrom: a@b.test\n\n" + std::string(2000, 'x'));
    carry(hill_, dale_);
    dale_.round();
    EXPECT_EQ(put_aside(dale_, hill_), 3u);
    EXPECT_EQ(carry(dale_, hill_), 2u) << "the null sender is told nothing";
    hill_.round();
    ASSERT_EQ(hill_.office.accepted.size(), 2u);
    std::set<std::string> codes;
    for (const Message& each : hill_.office.accepted) {
        EXPECT_EQ(each.to, std::vector<Address>{mailto("joe", "else.test")});
        if (each.fate) codes.insert(each.fate->code);
    }
    EXPECT_EQ(codes, (std::set<std::string>{"5.3.4", "5.6.0"}));
}

TEST_F(Mails, OfATrustedNodeMayGoOn) {
    dale_.options.trusted = {"village"};
    dale_.open();
    exec(hill_, dale_, {"sendmail", "joe@else.test"}, kMail);
    carry(hill_, dale_);
    dale_.round();
    ASSERT_EQ(dale_.office.accepted.size(), 1u);
    EXPECT_TRUE(dale_.office.accepted[0].trusted);
}

TEST_F(Mails, TakeABatchWhereItIsWanted) {
    hill_.options.batched = {"relay"};
    hill_.open();
    hill_.sender->carry({letter(hill_, "ben@dale.example", "Hello\n.\n.dot"),
                         letter(hill_, "cleo@dale.example", "Hello again", 2)});
    EXPECT_EQ(carry(hill_, dale_), 1u);
    dale_.round();
    ASSERT_EQ(dale_.office.accepted.size(), 2u);
    EXPECT_EQ(dale_.office.accepted[0].return_path, mailto("bounce+1", "hill.example"));
    EXPECT_EQ(dale_.office.accepted[0].text, "Hello\n.\n.dot");
    EXPECT_EQ(dale_.office.accepted[1].return_path, mailto("bounce+2", "hill.example"));
}

TEST_F(Mails, OfABatchThatAreNotTakenAreToldWhyEach) {
    dale_.options.max_message_bytes = 1000;
    dale_.open();
    const std::vector<Address> to{mailto("ben", "dale.example")};
    const Address joe = mailto("joe", "else.test");
    const auto mail = [&](const std::string& id, const std::string& rest) {
        return OutMail{joe, to, "From: Joe <joe@else.test>\r\nMessage-ID: " + id + "\r\n" + rest};
    };
    exec(hill_, dale_, {"rsmtp"},
         batch_smtp({mail("<1@else.test>", "\r\nHay\r\n"),
                     mail("<2@else.test>", "\r\n" + std::string(2000, 'x') + "\r\n"),
                     mail("<3@else.test>", "X-Waypost-Loop: dale.example\r\n\r\nHay\r\n")},
                    "hill.example"));
    carry(hill_, dale_);
    dale_.round();
    EXPECT_EQ(dale_.office.accepted.size(), 1u);
    EXPECT_EQ(carry(dale_, hill_), 2u);
    hill_.round();
    std::set<std::string> told;
    for (const Message& each : hill_.office.accepted) {
        EXPECT_EQ(each.to, std::vector<Address>{joe});
        if (each.fate) told.insert(each.fate->wire_id + ' ' + each.fate->code);
    }
    EXPECT_EQ(told, (std::set<std::string>{"<2@else.test> 5.3.4", "<3@else.test> 5.4.6"}));
}

TEST_F(Mails, LargeOnesArriveWhole) {
    std::string text = kMail;
    while (text.size() < 300'000) text += "All work and no play makes a dull village.\n";
    exec(hill_, dale_, {"sendmail", "ben@dale.example"}, text);
    carry(hill_, dale_);
    dale_.round();
    ASSERT_EQ(dale_.office.accepted.size(), 1u);
    EXPECT_EQ(dale_.office.accepted[0].body.size, text.size());
    dale_.options.max_message_bytes = 100'000;
    dale_.open();
    exec(hill_, dale_, {"sendmail", "cleo@dale.example"}, text);
    carry(hill_, dale_);
    dale_.round();
    EXPECT_EQ(put_aside(dale_, hill_), 1u);
}

// A program of the operator's that fails is tried again after a minute, two, four, ... an hour.
TEST_F(Mails, AProgramThatFailsIsTriedAgainLessAndLessOften) {
    const std::string runs = folder_ / "runs";
    const std::string broken = folder_ / "broken";
    auto& exec = dale_.config.nodes.at("village").exec;
    exec["count"] = {"/bin/sh", "-c", "echo x >> " + runs + "; test ! -e " + broken + " || exit 1"};
    std::ofstream(broken).put('x');
    TwoBoxes::exec(hill_, dale_, {"count"}, "");
    TwoBoxes::exec(hill_, dale_, {"sendmail", "ben@dale.example"}, kMail);
    carry(hill_, dale_);
    const auto tried = [&] {
        std::ifstream in(runs);
        return std::count(std::istreambuf_iterator<char>(in), {}, 'x');
    };
    const auto after = [&](std::chrono::minutes time) {
        dale_.office.time().advance(time);
        dale_.round();
        return tried();
    };
    EXPECT_EQ(after(std::chrono::minutes(0)), 1);
    EXPECT_EQ(dale_.office.accepted.size(), 1u) << "what is behind it waits for nothing";
    EXPECT_EQ(after(std::chrono::minutes(0)), 1);
    EXPECT_EQ(after(std::chrono::minutes(1)), 2);
    EXPECT_EQ(after(std::chrono::minutes(1)), 2);
    EXPECT_EQ(after(std::chrono::minutes(1)), 3);
    dale_.office.time().jump_wall(std::chrono::hours(24 * 365));
    EXPECT_EQ(after(std::chrono::minutes(3)), 3) << "whatever the wall says";
    EXPECT_EQ(after(std::chrono::minutes(1)), 4);
    for (int i = 0; i < 20; ++i) after(std::chrono::minutes(60));
    EXPECT_EQ(tried(), 24) << "an hour at most";
    std::filesystem::remove(broken);
    EXPECT_EQ(after(std::chrono::minutes(60)), 25);
    EXPECT_EQ(dale_.house->nodes().at("village").came, 0u);
    std::ofstream(broken).put('x');
    TwoBoxes::exec(hill_, dale_, {"count"}, "");
    carry(hill_, dale_);
    EXPECT_EQ(after(std::chrono::minutes(0)), 26);
    EXPECT_EQ(after(std::chrono::minutes(1)), 27) << "another one begins anew";
}

TEST(SendmailWords, StayWithin255Bytes) {
    OutMail mail{{}, {mailto(std::string(100, 'a'), "dale.example")}, "x\r\n.\r\n"};
    EXPECT_TRUE(has_room_for(mail, mailto(std::string(100, 'b'), "dale.example")));
    EXPECT_FALSE(has_room_for(mail, mailto(std::string(140, 'b'), "dale.example")));
    EXPECT_EQ(sendmail_input(mail), "Return-Path: <>\nx\n.\n");
    EXPECT_FALSE(may_be_argument(mailto("-t", "dale.example")));
}

}  // namespace
}  // namespace waypost::nncp
