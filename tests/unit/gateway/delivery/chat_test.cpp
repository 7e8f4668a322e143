// SPDX-License-Identifier: Apache-2.0
// A network of chats: accounts that are people's, what their programs are told at each message, and
// what such a network may ask about people and groups.
#include <algorithm>

#include "gateway/commands/catalogue.h"
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

TEST_F(Chat, OutsideHeReadsOfHisMessagesAndOfNoMail) {
    const auto told = [&] {
        std::string texts;
        for (const Delivery& d : std::exchange(chat_->sent, {}))
            if (d.automatic) texts += d.subject + '|' + d.text + '\n';
        return texts;
    };
    hand(said(kBob, "ana", "hello"));
    EXPECT_EQ(
        told(),
        "|Your message to ana is kept, and not shown yet: ana is read on a radio and says who "
        "may write. ana hears of it once. There is nothing for you to do.\n");
    dm(kAna, "xmpp:bob@x.example hello back");
    told();
    hand(said(kBob, "ana", std::string(500, 'x')));
    EXPECT_EQ(told().substr(0, 28), "|Your message to ana is long");
    Message photo = said(kBob, "ana", "");
    photo.attachments = {{"a.jpg", "image/jpeg", 1'600'000}};
    hand(photo);
    EXPECT_EQ(told().substr(0, 42), "|Your message to ana had no text, only 1 p");
    radio_->turn_away = true;
    hand(said(kBob, "ana", "come soon"));
    for (int hour = 0; hour < 30; ++hour) pass(std::chrono::hours(1));
    EXPECT_EQ(told().substr(0, 36), "|Your message to ana could not be ha");
    for (int day = 0; day < 40; ++day) pass(std::chrono::hours(24));
    const std::string given_up =
        "|Your message to ana was not delivered: it could not be handed over in time. It is not "
        "tried again.\n";
    EXPECT_EQ(told(), given_up + given_up) << "also of the first, which she never asked for";
}

TEST_F(Chat, OneOfOursIsToldInHerLanguageAlone) {
    ASSERT_TRUE(attach("ana", kAnasAccount).ok());
    dm(kAna, "lang es");
    relay_->outcomes.push_back(
        {Outcome::Kind::Failed, ProofClass::Reported, "550 5.1.1", "no such address", {}, {}});
    Message out = said(kAnasAccount, "", "hello");
    out.to = {mailto("carol", "far.example")};
    out.trusted = true;
    hand(out);
    EXPECT_EQ(chat_->sent.back().text, "Tu mensaje para carol@far.example no se entregó: " +
                                           catalogue("es").say("why_no_address") +
                                           ". Ya no se intenta más.");
}

// Her server says who she is, so nobody else can make the gateway write to her.
TEST_F(Chat, EachOfHerLettersHasItsMarkHoweverManySheWrites) {
    ASSERT_TRUE(attach("ana", kAnasAccount).ok());
    change([&](store::Tables& t) {
        for (int i = 0; i < 5000; ++i) t.state.use(kAnasAccount.uri(), box_->day(), "confirmed");
    });
    for (int i = 0; i < 3; ++i) {
        radio_->outcomes.push_back(
            {Outcome::Kind::Delivered, ProofClass::Reported, "ack", {}, {}, {}});
        hand(said(kAnasAccount, "ben", "soup is ready"));
    }
    EXPECT_EQ(reports(), std::vector<Report::Action>(3, Report::Action::Delivered));
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

// A room names a post by the group's id of it, under which it may have gone to nobody.
TEST_F(Chat, AnAnswerInARoomFindsThePostForWhoReadsByMail) {
    change([](store::Tables& t) {
        for (const char* each : {"news", "water"}) {
            store::GroupRow group;
            group.name = each;
            t.groups.put(group);
        }
    });
    ASSERT_TRUE(attach("ana", kAnasAccount).ok());
    for (const char* each : {"news", "water"}) ASSERT_TRUE(join(each, kAnasAccount).ok());
    Message asked = said(kAnasAccount, "news", "is the well dry?");
    asked.wishes.clear();
    EXPECT_TRUE(hand(asked).kept());
    for (const char* each : {"news", "water"}) {
        ASSERT_TRUE(join(each, kBob).ok());
        ASSERT_TRUE(join(each, mailto("carol", "far.example")).ok());
    }
    const auto answer = [&](const std::string& group) {
        Message message = said(kBob, group, "no");
        message.wishes.clear();
        message.references = {"nothing here", asked.origin_id};
        EXPECT_TRUE(hand(message).kept());
        return relay_->sent.back().references;
    };
    EXPECT_EQ(answer("news"), std::vector<std::string>{asked.origin_id});
    EXPECT_TRUE(answer("water").empty()) << "what another group calls so";
    EXPECT_EQ(relay_->sent.size(), 2u);
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
