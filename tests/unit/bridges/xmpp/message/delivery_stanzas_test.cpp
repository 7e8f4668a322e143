// SPDX-License-Identifier: Apache-2.0
#include "bridges/xmpp/message/delivery_stanzas.h"

#include "bridges/xmpp/message/envelope.h"
#include "tests/unit/bridges/xmpp/message/outgoing_fixture.h"

namespace waypost::xmpp {
namespace {

class StanzasTest : public OutgoingTest {
  protected:
    std::vector<Element> of(const Delivery& delivery) {
        outgoing.deliver(delivery);
        auto all = line.take();
        line.answer();
        return all;
    }
};

TEST_F(StanzasTest, WhatHasWaitedSaysSince) {
    Delivery old = letter(1, "x");
    old.written = office.clock().wall() - std::chrono::hours(49);
    const Element delay = *of(old).at(0).find("delay", "urn:xmpp:delay");
    EXPECT_EQ(delay.get("from"), "gw.example");
    EXPECT_EQ(delay.get("stamp"), "2027-01-13T07:00:00Z");
}

TEST_F(StanzasTest, TheSubjectIsTheFirstLineAndAnAnswerNamesWhatItAnswers) {
    Delivery one = letter(1, "It is well.");
    one.subject = "Re: the goat";
    one.references = {"m-9", "m-8"};
    const Element chat = of(one).at(0);
    EXPECT_EQ(chat.child_text("body"), "Re: the goat\n\nIt is well.");
    EXPECT_FALSE(chat.find("subject"));
    const Element* reply = chat.find("reply", "urn:xmpp:reply:0");
    ASSERT_TRUE(reply);
    EXPECT_EQ(reply->get("id"), "m-9");
    EXPECT_EQ(reply->get("to"), "ben@hill.example");
}

TEST_F(StanzasTest, WhatTheGatewaySaysAsksForNoReceipt) {
    Delivery notice = letter(1, "Your box is well.");
    notice.from = mailto("postmaster", "hill.example");
    notice.automatic = true;
    Element one = of(notice).at(0);
    EXPECT_EQ(one.get("from"), "gw.example");
    EXPECT_FALSE(one.find("request", "urn:xmpp:receipts"));
    EXPECT_FALSE(one.find("markable", "urn:xmpp:chat-markers:0"));
    // An answer to it does what it asks.
    notice.attempt.delivery = 2;
    notice.reply_to = mailto("news+token", "hill.example");
    EXPECT_EQ(of(notice).at(0).get("from"), "news+token@gw.example");
}

TEST_F(StanzasTest, APostComesFromItsGroupAndSaysWhose) {
    Delivery post = letter(1, "rain today");
    post.list = ListPost{mailto("news", "hill.example"), "News", {}, false};
    const Element one = of(post).at(0);
    EXPECT_EQ(one.get("from"), "news@gw.example");
    EXPECT_EQ(one.child_text("body"), "Ana Mwangi: rain today");
    outgoing.set_rooms([](const Delivery&, const WireId& id, const std::vector<Element>& as_chat) {
        EXPECT_EQ(as_chat.size(), 1u);
        std::vector<Element> all;
        all.push_back(Element("message").set("type", "groupchat").set("id", id));
        return all;
    });
    post.attempt.delivery = 2;
    EXPECT_EQ(of(post).at(0).get("type"), "groupchat");
}

TEST_F(StanzasTest, AFileIsTheLinkThatItCameBy) {
    Delivery file = letter(1, "");
    file.body = {"waypost-xmpp-file 1\nhttps://up.example/x\nx\nimage/png\n\nPNG", {}, 3};
    file.body_network = "xmpp";
    const Element one = of(file).at(0);
    EXPECT_EQ(one.child_text("body"), "https://up.example/x");
    EXPECT_EQ(one.find("x", "jabber:x:oob")->child_text("url"), "https://up.example/x");
}

TEST_F(StanzasTest, ALongTextComesInPages) {
    const auto all = of(letter(1, std::string(60'000, 'x')));
    ASSERT_EQ(all.size(), 3u);
    EXPECT_EQ(all[0].get("id"), office.begun[0]);
    EXPECT_EQ(all[1].get("id"), office.begun[0] + "-2");
    EXPECT_FALSE(all[1].find("request", "urn:xmpp:receipts"));
    const auto most = of(letter(2, std::string(1'000'000, 'x')));
    ASSERT_EQ(most.size(), kMostPages);
    EXPECT_NE(most.back().child_text("body").find("[+"), std::string::npos);
}

Delivery report(Delivery one, Report::Action action, const std::string& status) {
    one.text = "Late: x";
    one.automatic = true;
    one.from = mailto("postmaster", "hill.example");
    Report about;
    about.action = action;
    about.recipient = mailto("ana", "hill.example");
    about.status = status;
    about.original_id = "o-1";
    one.report = about;
    return one;
}

TEST_F(StanzasTest, AnArrivalIsAReceiptAndNoWord) {
    Delivery arrived = report(letter(1, ""), Report::Action::Delivered, "2.0.0");
    auto all = of(arrived);
    ASSERT_EQ(all.size(), 1u);
    EXPECT_EQ(all[0].get("from"), "ana@gw.example");
    EXPECT_EQ(all[0].find("received", "urn:xmpp:receipts")->get("id"), "o-1");
    EXPECT_FALSE(all[0].find("body"));
    // Under the id that his program knows.
    arrived.attempt.delivery = 2;
    arrived.report->envelope_id = write_envelope({"id-7", "phone"});
    all = of(arrived);
    EXPECT_EQ(all.at(0).find("received", "urn:xmpp:receipts")->get("id"), "id-7");
    EXPECT_EQ(reports(), "1 sent, 2 sent");
}

TEST_F(StanzasTest, ThatItWentOnIsNotSaid) {
    EXPECT_TRUE(of(report(letter(1, ""), Report::Action::Relayed, "2.0.0")).empty());
    outgoing.deliver(letter(2, "y"));
    line.answer();
    EXPECT_EQ(reports(), "1 sent, 2 sent");
}

TEST_F(StanzasTest, AFailureMarksTheMessageAndIsSaid) {
    Delivery failed = report(letter(1, ""), Report::Action::Failed, "5.1.1");
    failed.report->diagnostic = "no such person";
    auto all = of(failed);
    ASSERT_EQ(all.size(), 1u);  // his program is not known
    EXPECT_EQ(all[0].child_text("body"), "Late: x");
    failed.attempt.delivery = 2;
    failed.report->envelope_id = write_envelope({"", "phone"});
    all = of(failed);
    ASSERT_EQ(all.size(), 2u);
    EXPECT_EQ(all[0].get("type"), "error");
    EXPECT_EQ(all[0].get("id"), "o-1");
    EXPECT_EQ(all[0].get("to"), "ben@hill.example/phone");
    EXPECT_EQ(all[0].get("from"), "ana@gw.example");
    EXPECT_TRUE(all[0].find("error")->find("item-not-found", kStanzaErrorSpace));
    EXPECT_EQ(all[1].get("from"), "ana@gw.example");
    failed.report->action = Report::Action::Delayed;
    failed.attempt.delivery = 3;
    EXPECT_EQ(of(failed).size(), 1u);
}

TEST(Conditions, SayWhatAStatusCodeMeans) {
    EXPECT_EQ(condition_for("5.1.1"), "item-not-found");
    EXPECT_EQ(condition_for("5.7.1"), "forbidden");
    EXPECT_EQ(condition_for("5.3.4"), "policy-violation");
    EXPECT_EQ(condition_for("4.4.7"), "recipient-unavailable");
    EXPECT_EQ(condition_for("5.0.0"), "service-unavailable");
    EXPECT_EQ(condition_for(""), "service-unavailable");
}

}  // namespace
}  // namespace waypost::xmpp
