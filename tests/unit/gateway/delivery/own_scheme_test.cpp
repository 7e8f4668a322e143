// SPDX-License-Identifier: Apache-2.0
// A network whose addresses have a scheme that the gateway has never heard of, as a program of the
// operator's brings it: written to from a radio, and an address of somebody here.
#include <algorithm>

#include "village.h"

namespace waypost {
namespace {

const Address kBob{"sms", "+4917"};
const Address kAnasPhone{"sms", "+4918"};

class OwnScheme : public Village {
  protected:
    OwnScheme()
        : sms_(std::make_shared<FakeTransport>("exec.sms", "sms", "sms", Limits{0, 1, false})) {
        box_->router.carries("sms", "sms", false);
        box_->router.is_typed("sms");
        sms_->start(*office_);
        office_->transports().add(sms_);
        name("ana", kAna);
        name("ben", kBen);
    }
    Message said(const Address& from, const std::string& to, const std::string& text) {
        Message message;
        message.from = message.return_path = from;
        if (!to.empty()) message.to = {mailto(to, "hill.example")};
        message.network = "sms";
        message.transport = "exec.sms";
        message.origin_id = "s" + std::to_string(++said_);
        message.text = text;
        message.verified_sender = true;
        return message;
    }

    std::shared_ptr<FakeTransport> sms_;
    int said_ = 0;
};

TEST_F(OwnScheme, ARadioWritesToItAndHasTheAnswer) {
    EXPECT_EQ(dm1(kAna, "Sms:+4917 are you well?"), "1 kept");
    ASSERT_EQ(sms_->sent.size(), 1u);
    EXPECT_EQ(sms_->sent[0].to, kBob);
    EXPECT_EQ(sms_->sent[0].text, "are you well?") << "and no word about radios, as in a mail";
    EXPECT_EQ(sms_->sent[0].from, mailto("ana", "hill.example"));
    EXPECT_EQ(sms_->sent[0].author, "ana");
    EXPECT_EQ(hand(said(kBob, "ana", "very well")).kind, Verdict::Kind::Accepted);
    EXPECT_NE(last(kAna).find("very well"), std::string::npos) << "she wrote first: " << last(kAna);
}

TEST_F(OwnScheme, ItHasANickname) {
    EXPECT_EQ(dm1(kAna, "@bob=sms:+4917"), "bob = +4917");
    EXPECT_EQ(dm1(kAna, "@bob hello"), "1 kept");
    ASSERT_EQ(sms_->sent.size(), 1u);
    EXPECT_EQ(sms_->sent[0].to, kBob);
}

TEST_F(OwnScheme, WhatNoNetworkHereCarriesIsNoAddress) {
    EXPECT_NE(dm1(kAna, "@bob=fax:+4917").find("fax:+4917"), std::string::npos);
    dm(kAna, "fax:+4917 hello");
    dm(kAna, "meshtastic:!0000000c hello");
    dm(kAna, "mailbox:ben hello");
    EXPECT_EQ(sms_->sent.size(), 0u);
    EXPECT_EQ(all_shown(kCarl).size(), 0u);
}

TEST_F(OwnScheme, AnAddressOfHersIsHersAndSheSpeaksToTheBoxByIt) {
    ASSERT_TRUE(ask([](Desk& desk) { return desk.bind("ana", kAnasPhone.uri()); }).ok());
    hand(said(kAnasPhone, "", "@ben soup is ready"));
    EXPECT_NE(last(kBen).find("ana: soup is ready"), std::string::npos) << last(kBen);
    ASSERT_EQ(sms_->sent.size(), 1u);
    EXPECT_EQ(sms_->sent[0].to, kAnasPhone);
    EXPECT_EQ(sms_->sent[0].text, "1 kept");
}

TEST_F(OwnScheme, WhoWritesByItIsToldThereWhatFailedAndOfWhom) {
    ASSERT_TRUE(ask([](Desk& desk) { return desk.bind("ana", kAnasPhone.uri()); }).ok());
    sms_->outcomes.push_back({Outcome::Kind::Sent, ProofClass::Reported, "0", {}, {}, {}});
    sms_->outcomes.push_back(  // behind the answer to her line
        {Outcome::Kind::Failed, ProofClass::Reported, "21", "no such number", {}, {}});
    hand(said(kAnasPhone, "", "sms:+4917 hello"));
    const auto failure = std::find_if(sms_->sent.begin(), sms_->sent.end(), [](const Delivery& d) {
        return d.text.find("not delivered") != std::string::npos;
    });
    ASSERT_NE(failure, sms_->sent.end());
    EXPECT_EQ(failure->to, kAnasPhone);
    EXPECT_NE(failure->text.find("+4917"), std::string::npos) << failure->text;
}

TEST_F(OwnScheme, OnlyOneOfTheVillageSendsByIt) {
    Message passing = said(kBob, "", "hello");
    passing.to = {Address{"sms", "+4919"}};
    EXPECT_EQ(hand(passing).reason, Verdict::Reason::NotAllowed);
    EXPECT_EQ(sms_->sent.size(), 0u);
}

}  // namespace
}  // namespace waypost
