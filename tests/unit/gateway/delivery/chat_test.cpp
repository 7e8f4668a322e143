// SPDX-License-Identifier: Apache-2.0
// A network of chats: accounts that are people's, what their programs are told at each message, and
// what such a network may ask about people and groups.
#include <algorithm>

#include "group_village.h"

namespace waypost {
namespace {

const Address kAnasAccount{"xmpp", "ana@hill.example"};
const Address kBob{"xmpp", "bob@x.example"};

class Chat : public Village {
  protected:
    Chat()
        : chat_(std::make_shared<FakeTransport>("xmpp.prosody", "xmpp", "xmpp",
                                                Limits{0, 10, false})) {
        connect();
        name("ana", kAna);
        name("ben", kBen);
    }
    void connect() {
        box_->router.carries("xmpp", "xmpp", false);
        chat_->start(*office_);
        office_->transports().add(chat_);
    }

    Message said(const Address& from, const std::string& to, const std::string& text) {
        Message message;
        message.from = message.return_path = from;
        if (!to.empty()) message.to = {mailto(to, "hill.example")};
        message.network = "xmpp";
        message.transport = "xmpp.prosody";
        message.origin_id = "c" + std::to_string(++said_);
        message.text = text;
        message.verified_sender = true;
        message.wishes = {{true, true, true}};
        return message;
    }
    PeopleView& people() { return *office_->people(); }
    Result<void> attach(const std::string& handle, const Address& account) {
        Result<void> answer = Error{};
        people().attach(handle, account, [&](Result<void> done) { answer = std::move(done); });
        settle();
        return answer;
    }
    Result<void> join(const std::string& group, const Address& who) {
        Result<void> answer = Error{};
        people().join(group, who, [&](Result<void> done) { answer = std::move(done); });
        settle();
        return answer;
    }
    std::vector<Report::Action> reports() const {
        std::vector<Report::Action> all;
        for (const Delivery& d : chat_->sent)
            if (d.report) all.push_back(d.report->action);
        return all;
    }

    std::shared_ptr<FakeTransport> chat_;
    int said_ = 0;
};

TEST_F(Chat, AnAccountOfAPersonIsHerAndGetsWhatSheWasHeardOnLast) {
    ASSERT_TRUE(attach("ana", kAnasAccount).ok());
    EXPECT_EQ(people().handle_of(kAnasAccount), "ana");
    dm(kBen, "@ana on the radio");
    EXPECT_EQ(chat_->sent.size(), 0u);
    clock_.advance(std::chrono::minutes(30));
    office_->heard("xmpp.prosody", kAnasAccount, {});
    settle();
    dm(kBen, "@ana on the phone");
    ASSERT_EQ(chat_->sent.size(), 1u);
    EXPECT_EQ(chat_->sent[0].to, kAnasAccount);
    EXPECT_EQ(chat_->sent[0].from, mailto("ben", "hill.example"));
    EXPECT_EQ(chat_->sent[0].text, "on the phone");
    EXPECT_EQ(chat_->sent[0].author, "ben");
}

TEST_F(Chat, AnAccountOfAnotherOrOfNobodyIsNotTaken) {
    ASSERT_TRUE(attach("ana", kAnasAccount).ok());
    EXPECT_TRUE(attach("ana", kAnasAccount).ok()) << "again is nothing new";
    EXPECT_EQ(attach("ben", kAnasAccount).error().code, Code::Refused);
    EXPECT_EQ(attach("nobody", kBob).error().code, Code::NotFound);
    EXPECT_EQ(people().handle_of(kAnasAccount), "ana");
}

TEST_F(Chat, HerLineToTheGatewayIsACommandAndIsAnsweredThere) {
    ASSERT_TRUE(attach("ana", kAnasAccount).ok());
    hand(said(kAnasAccount, "", "@ben see you at the well"));
    EXPECT_NE(last(kBen).find("see you at the well"), std::string::npos) << last(kBen);
    ASSERT_EQ(chat_->sent.size(), 1u);
    EXPECT_EQ(chat_->sent[0].to, kAnasAccount);
    EXPECT_NE(chat_->sent[0].text.find("kept"), std::string::npos) << chat_->sent[0].text;
}

TEST_F(Chat, WhoWritesByChatIsToldThereWhenTheRadioHasIt) {
    ASSERT_TRUE(attach("ana", kAnasAccount).ok());
    radio_->outcomes.push_back({Outcome::Kind::Delivered, ProofClass::Reported, "ack", {}, {}, {}});
    hand(said(kAnasAccount, "ben", "soup is ready"));
    ASSERT_EQ(reports(), std::vector<Report::Action>{Report::Action::Delivered});
    EXPECT_EQ(chat_->sent.back().to, kAnasAccount);
    EXPECT_EQ(chat_->sent.back().report->original_id, "c1");
    EXPECT_TRUE(chat_->sent.back().automatic);
}

TEST_F(Chat, HeIsNotToldThatItWasHandedOn) {
    ASSERT_TRUE(attach("ana", kAnasAccount).ok());
    Message out = said(kAnasAccount, "", "hello");
    out.to = {mailto("carol", "far.example")};
    out.trusted = true;
    EXPECT_TRUE(hand(out).kept());
    EXPECT_EQ(relay_->sent.size(), 1u);
    EXPECT_EQ(reports().size(), 0u);
}

TEST_F(Chat, AFailureComesBackByChatAndNotByRadio) {
    ASSERT_TRUE(attach("ana", kAnasAccount).ok());
    relay_->outcomes.push_back(
        {Outcome::Kind::Failed, ProofClass::Reported, "550 5.1.1", "no such address", {}, {}});
    Message out = said(kAnasAccount, "", "hello");
    out.to = {mailto("carol", "far.example")};
    out.trusted = true;
    const auto lines = news(kAna, [&] { hand(out); });
    EXPECT_EQ(lines.size(), 0u);
    ASSERT_EQ(reports(), std::vector<Report::Action>{Report::Action::Failed});
    EXPECT_EQ(chat_->sent.back().report->status, "5.1.1");
}

TEST_F(Chat, WhatNobodyVouchesForIsNobodys) {
    ASSERT_TRUE(attach("ana", kAnasAccount).ok());
    Message forged = said(kAnasAccount, "ben", "send money");
    forged.verified_sender = false;
    EXPECT_TRUE(hand(forged).kept());
    for (const std::string& line : all_shown(kBen)) {
        EXPECT_EQ(line.find("send money"), std::string::npos) << line;
        EXPECT_NE(line.find("ana@hill.example"), std::string::npos) << "no villager: " << line;
    }
}

TEST_F(Chat, ConsentOfAPersonIsSeen) {
    EXPECT_EQ(*people().consent("ana", kBob), Consent::NotAsked);
    hand(said(kBob, "ana", "hello"));
    EXPECT_EQ(*people().consent("ana", kBob), Consent::Pending);
    dm(kAna, "xmpp:bob@x.example hello back");
    EXPECT_EQ(*people().consent("ana", kBob), Consent::Given);
}

TEST_F(Chat, PeopleAreSeenWithWhenTheirRadioWasHeard) {
    hear(kAna);
    settle();
    const auto ana = people().resident("ana");
    ASSERT_TRUE(ana.has_value());
    EXPECT_TRUE(ana->has_radio);
    EXPECT_EQ(ana->heard_at, to_ms(clock_.wall()) / 1000);
    clock_.advance(std::chrono::minutes(3));
    hear(kAna);
    EXPECT_EQ(people().resident("ana")->heard_at, to_ms(clock_.wall()) / 1000)
        << "before it is on record again";
    EXPECT_FALSE(people().resident("nobody").has_value());
    EXPECT_EQ(people().persons().size(), 2u);
    EXPECT_TRUE(people().is_operator("carl"));
    EXPECT_FALSE(people().is_operator("ana"));
}

TEST_F(Chat, GroupsAreJoinedByTheAddressOrByThePersonBehindIt) {
    change([](store::Tables& t) {
        store::GroupRow news;
        news.name = "news";
        news.title = "News";
        t.groups.put(news);
    });
    ASSERT_TRUE(attach("ana", kAnasAccount).ok());
    EXPECT_TRUE(join("news", kAnasAccount).ok());
    EXPECT_TRUE(join("news", kBob).ok());
    EXPECT_EQ(join("nothing", kBob).error().code, Code::NotFound);
    const auto members = people().members("news");
    ASSERT_TRUE(members.ok());
    ASSERT_EQ(members->size(), 2u);
    EXPECT_EQ((*members)[0].address, person("ana"));
    EXPECT_EQ((*members)[1].address, kBob);
    dm(kAna, "#news the market is open");
    ASSERT_EQ(chat_->sent.size(), 1u);
    EXPECT_EQ(chat_->sent[0].to, kBob);
    ASSERT_TRUE(chat_->sent[0].list.has_value());
    EXPECT_EQ(chat_->sent[0].list->address, mailto("news", "hill.example"));
}

TEST_F(Chat, WhoChangesHisMindTooOftenWaitsForTomorrow) {
    change([](store::Tables& t) {
        store::GroupRow news;
        news.name = "news";
        t.groups.put(news);
    });
    for (int i = 0; i < 20; ++i) {
        ASSERT_TRUE(join("news", kBob).ok()) << i;
        people().leave("news", kBob, {});
        settle();
    }
    EXPECT_EQ(join("news", kBob).error().code, Code::Refused);
}

}  // namespace
}  // namespace waypost
