// SPDX-License-Identifier: Apache-2.0
// What people outside are told: held, shortened, late, given up; and what they tell us (bounces).
#include "gateway/custody/outside.h"

#include <algorithm>

#include "gateway/custody/held.h"
#include "village.h"

namespace waypost {
namespace {

constexpr std::chrono::hours kDay{24};

class Outside : public Village {
  protected:
    Outside() { name("ana", kAna); }

    Message from_bob(const std::string& text, const std::string& id) {
        Message message = letter("bob@example.org", "ana@hill.example", text);
        message.return_path = message.from;
        message.origin_id = id;
        message.subject = "The well";
        message.verified_sender = true;
        return message;
    }
    // Ana wrote to him before, so his mail passes.
    void acquaint() {
        dm(kAna, "bob@example.org hello");
        relay_->sent.clear();
    }
    std::vector<std::string> told() const {
        std::vector<std::string> texts;
        for (const Delivery& d : relay_->sent) texts.push_back(d.text);
        return texts;
    }
    Address way_back() {
        dm(kAna, "bob@example.org are you there?");
        return relay_->sent.back().return_path;
    }
    Message bounce(const Address& to, Fate::Kind kind, const std::string& id = "<d1@mx>") {
        Message message = letter("mailer-daemon@mx.example.org", to.uri(), "sorry");
        message.origin_id = id;
        message.subject = "Undelivered";
        message.automatic = true;
        message.fate = Fate{kind, {}, {}, "5.1.1", "no such address"};
        return message;
    }
};

TEST_F(Outside, HeIsToldOnceThatHisMailIsHeld) {
    hand(from_bob("hello", "<1@x>"));
    hand(from_bob("hello again", "<2@x>"));
    ASSERT_EQ(told().size(), 1u);
    const Delivery& notice = relay_->sent.front();
    EXPECT_EQ(notice.to, mailto("bob", "example.org"));
    EXPECT_TRUE(notice.automatic);
    EXPECT_TRUE(notice.return_path.empty()) << "nothing may answer an answer";
    EXPECT_EQ(notice.references, std::vector<std::string>{"<1@x>"});
    EXPECT_EQ(notice.subject, "Re: The well");
    EXPECT_NE(notice.text.find("ana@hill.example"), std::string::npos) << notice.text;
}

TEST_F(Outside, HeIsToldOnceThatHisMailCannotBeDecrypted) {
    acquaint();
    for (const char* id : {"<1@x>", "<2@x>"}) {
        Message message = from_bob("[encrypted, cannot be read here]", id);
        message.unreadable = Unreadable::Encrypted;
        hand(message);
    }
    ASSERT_EQ(told().size(), 1u);
    EXPECT_NE(told()[0].find("no key for it here"), std::string::npos) << told()[0];
    EXPECT_TRUE(relay_->sent.front().automatic);
    EXPECT_TRUE(relay_->sent.front().return_path.empty());
    Message robot = from_bob("[encrypted, cannot be read here]", "<3@x>");
    robot.return_path = robot.from = mailto("joe", "example.org");
    robot.unreadable = Unreadable::Encrypted;
    robot.automatic = true;
    hand(robot);
    EXPECT_EQ(told().size(), 1u);
}

TEST_F(Outside, HeIsToldOnceThatHisMailIsTooLarge) {
    acquaint();
    for (const char* id : {"<1@x>", "<2@x>"}) {
        Message message = from_bob("[mail of 30M, too large here]", id);
        message.unreadable = Unreadable::TooLarge;
        hand(message);
    }
    ASSERT_EQ(told().size(), 1u);
    EXPECT_NE(told()[0].find("at most 20M arrive"), std::string::npos) << told()[0];
}

TEST_F(Outside, ProgramsAndListsAreToldNothing) {
    Message automatic = from_bob("buy", "<1@x>");
    automatic.automatic = true;
    hand(automatic);
    Message nowhere = from_bob("buy", "<2@x>");
    nowhere.return_path = {};
    hand(nowhere);
    for (const char* name :
         {"noreply", "MAILER-DAEMON", "owner-list", "list-request", "l-bounces"}) {
        Message program = from_bob("buy", std::string("<3@") + name);
        program.return_path = mailto(name, "example.org");
        hand(program);
    }
    Message ourselves = from_bob("buy", "<4@x>");
    ourselves.return_path = mailto("ben", "hill.example");
    hand(ourselves);
    EXPECT_TRUE(told().empty());
}

TEST_F(Outside, ForgedSendersAreNotFloodedWithWhatTheyNeverWrote) {
    for (int i = 0; i < 100; ++i) {
        Message spam = from_bob("buy", "<s" + std::to_string(i) + "@x>");
        spam.from = spam.return_path = mailto("v" + std::to_string(i), "example.org");
        spam.verified_sender = false;
        hand(spam);
    }
    EXPECT_EQ(told().size(), 20u);
}

TEST_F(Outside, HeIsToldOnceAThreadThatARadioShowedLess) {
    acquaint();
    Message lengthy = from_bob(std::string(500, 'x'), "<1@x>");
    lengthy.references = {"<r2@x>", "<root@x>"};
    hand(lengthy);
    ASSERT_EQ(told().size(), 1u);
    EXPECT_NE(told()[0].find("of its 512 letters"), std::string::npos) << told()[0];
    lengthy.origin_id = "<2@x>";
    lengthy.references = {"<1@x>", "<root@x>"};
    hand(lengthy);
    EXPECT_EQ(told().size(), 1u) << "the same thread";
    lengthy.origin_id = "<3@x>";
    lengthy.references.clear();
    hand(lengthy);
    EXPECT_EQ(told().size(), 2u);
    hand(from_bob("short", "<4@x>"));
    EXPECT_EQ(told().size(), 2u);
}

TEST_F(Outside, PicturesAloneAreNamedToHim) {
    acquaint();
    Message photos = from_bob("", "<1@x>");
    photos.attachments = {{"a.jpg", "image/jpeg", 1'600'000}, {"b.jpg", "image/jpeg", 1'600'000}};
    hand(photos);
    ASSERT_EQ(told().size(), 1u);
    EXPECT_NE(told()[0].find("only 2 photos 3.1M"), std::string::npos) << told()[0];
}

TEST_F(Outside, HeIsToldOnceThatItIsLateAndOnceThatItWasGivenUp) {
    acquaint();
    radio_->turn_away = true;
    hand(from_bob("come soon", "<1@x>"));
    for (int hour = 0; hour < 23; ++hour) pass(std::chrono::hours(1));
    EXPECT_TRUE(told().empty());
    for (int hour = 0; hour < 30; ++hour) pass(std::chrono::hours(1));
    ASSERT_EQ(relay_->sent.size(), 1u);
    ASSERT_TRUE(relay_->sent[0].report);
    const Report late = *relay_->sent[0].report;
    EXPECT_EQ(late.action, Report::Action::Delayed);
    EXPECT_EQ(late.status, "4.4.1");
    EXPECT_EQ(late.recipient, mailto("ana", "hill.example"));
    EXPECT_EQ(late.original_id, "<1@x>");
    ASSERT_TRUE(late.retry_until);
    EXPECT_EQ(relay_->sent[0].subject, "Late: The well");
    close();
    open();
    radio_->turn_away = true;
    for (int day = 0; day < 40; ++day) pass(kDay);
    ASSERT_EQ(relay_->sent.size(), 2u) << "a restart forgets nothing and repeats nothing";
    ASSERT_TRUE(relay_->sent[1].report);
    EXPECT_EQ(relay_->sent[1].report->action, Report::Action::Failed);
    EXPECT_EQ(relay_->sent[1].report->status, "4.4.7");
    EXPECT_NE(relay_->sent[1].text.find("in time"), std::string::npos) << relay_->sent[1].text;
}

TEST_F(Outside, HeIsToldInAnasLanguageAndWhollyInEnglish) {
    dm(kAna, "lang es");
    acquaint();
    radio_->turn_away = true;
    hand(from_bob("come soon", "<1@x>"));
    for (int day = 0; day < 40; ++day) pass(kDay);
    ASSERT_EQ(relay_->sent.size(), 2u);
    EXPECT_EQ(
        relay_->sent[1].text,
        "Tu correo para ana@hill.example no se entregó: no se pudo entregar a tiempo. Ya no se "
        "intenta más.\n\n"
        "Your mail to ana@hill.example was not delivered: it could not be handed over in time. "
        "It is not tried again.");
}

TEST_F(Outside, WhatWaitsForConsentIsNotCalledLate) {
    hand(from_bob("hello", "<1@x>"));
    ASSERT_EQ(told().size(), 1u);
    for (int day = 0; day < 3; ++day) pass(kDay);
    EXPECT_EQ(told().size(), 1u);
    for (int day = 0; day < 40; ++day) pass(kDay);
    ASSERT_EQ(told().size(), 2u) << "but its end is said to whom its wait was said";
    EXPECT_EQ(relay_->sent[1].report->action, Report::Action::Failed);
}

TEST_F(Outside, HeIsToldThatAnaLeft) {
    acquaint();
    radio_->turn_away = true;
    hand(from_bob("come soon", "<1@x>"));
    store_->writer().submit(
        [&](store::Tables& tables) {
            Effects effects;
            Ledger ledger(tables, *box_, effects);
            leave(ledger, "ana");
        },
        {});
    settle();
    ASSERT_EQ(relay_->sent.size(), 1u);
    ASSERT_TRUE(relay_->sent[0].report);
    EXPECT_EQ(relay_->sent[0].report->status, "5.1.1");
}

TEST_F(Outside, ABounceFindsItsDeliveryByTheAddressItComesTo) {
    const Address to = way_back();
    EXPECT_EQ(to.value.rfind("bounce+", 0), 0u) << to.value;
    const Verdict verdict = hand(bounce(to, Fate::Kind::Failed));
    ASSERT_TRUE(verdict.kept());
    EXPECT_EQ(shown(kAna).back(), "1 FAIL no such address");
    EXPECT_EQ(state_of(1), State::Failed);
}

TEST_F(Outside, TenThousandBouncesAreOneFailure) {
    const Address to = way_back();
    looked_ = radio_->sent.size();
    for (int i = 0; i < 10'000; ++i) {
        const auto kind = i % 2 == 0 ? Fate::Kind::Failed : Fate::Kind::Delayed;
        const Verdict verdict = hand(bounce(to, kind, "<d" + std::to_string(i) + "@mx>"));
        ASSERT_TRUE(verdict.kept());
    }
    EXPECT_EQ(shown(kAna), std::vector<std::string>{"1 FAIL no such address"});
    EXPECT_LE(events_of(1).size(), 210u);
    const auto newest = store_->read(
        [](store::Tables& t) { return t.deliveries.list(std::nullopt, 0, 100).size(); });
    EXPECT_LE(*newest, 5u) << "no bounce is a message";
}

TEST_F(Outside, AForgedWayBackIsRefusedAtOnce) {
    Address to = way_back();
    to.value[to.value.find('-') + 4] ^= 1;
    EXPECT_EQ(office_->check({}, to, 100).reason, Verdict::Reason::UnknownRecipient);
    EXPECT_FALSE(hand(bounce(to, Fate::Kind::Failed)).kept());
    EXPECT_EQ(state_of(1), State::Sent);
    for (const char* bad : {"bounce+-", "bounce+zz", "bounce+1", "bounce+1-aaaaaaaaaaaaaaaa",
                            "bounce+99999999999999999999-aaaaaaaaaaaaaaaa"}) {
        EXPECT_FALSE(office_->check({}, mailto(bad, "hill.example"), 100).kept()) << bad;
    }
    const Address late = way_back();
    clock_.advance(kDay * 61);
    EXPECT_FALSE(office_->check({}, late, 100).kept()) << "its time is over";
}

TEST_F(Outside, WhatAProgramAnswersToTheWayBackIsNoFailure) {
    const Address to = way_back();
    Message vacation = bounce(to, Fate::Kind::Failed);
    vacation.fate.reset();
    vacation.subject = "I am on holiday";
    EXPECT_TRUE(hand(vacation).kept());
    EXPECT_EQ(state_of(1), State::Sent);
    const auto events = events_of(1);
    EXPECT_EQ(events.back(), "answered by a program");
}

TEST_F(Outside, APersonWhoWritesToTheWayBackIsToldWhereTo) {
    Message person = bounce(way_back(), Fate::Kind::Failed);
    person.fate.reset();
    person.automatic = false;
    const Verdict verdict = hand(person);
    EXPECT_EQ(verdict.reason, Verdict::Reason::NotAllowed) << "taken and shown to nobody";
}

TEST_F(Outside, WhatGoesToAVillagersAddressOutsideSaysWhereReportsGo) {
    change([&](store::Tables& t) {
        t.people.put_person({"ben", "", "en", "", true, false, 0});
        t.people.put_endpoint({mailto("ben", "far.example"), "ben", "", "", "", 1, ""});
        t.people.put_contact({"ben", mailto("bob", "example.org"), {}, {}, 0});
    });
    dm(kAna, "@ben hello");
    ASSERT_EQ(relay_->sent.size(), 1u);
    EXPECT_EQ(relay_->sent[0].to, mailto("ben", "far.example"));
    EXPECT_EQ(relay_->sent[0].return_path.value.rfind("bounce+", 0), 0u);
    Message list = from_bob("news", "<l@x>");
    list.to = {mailto("ben", "hill.example")};
    hand(list);
    ASSERT_EQ(relay_->sent.size(), 2u);
    EXPECT_EQ(relay_->sent[1].return_path, mailto("bob", "example.org")) << "only forwarded";
    EXPECT_EQ(relay_->sent[1].from, mailto("bob", "example.org"));
}

TEST_F(Outside, LateAndGivenUpAreNotSaidToManyForgedSenders) {
    dm(kAna, "stop");
    dm(kAna, "1");
    relay_->sent.clear();
    for (int i = 0; i < 60; ++i) {
        Message spam = from_bob("buy", "<s" + std::to_string(i) + "@x>");
        spam.from = spam.return_path = mailto("v" + std::to_string(i), "example.org");
        spam.verified_sender = false;
        hand(spam);
    }
    pass(kDay);
    pass(kDay);
    EXPECT_LE(relay_->sent.size(), 40u) << "twenty a day";
}

TEST_F(Outside, ABounceByMessageIdOnlyIsTakenToo) {
    dm(kAna, "bob@example.org are you there?");
    Message report = bounce(mailto("ana", "hill.example"), Fate::Kind::Failed);
    report.fate->wire_id = relay_->wire_ids.back();
    EXPECT_TRUE(hand(report).kept());
    EXPECT_EQ(shown(kAna).back(), "1 FAIL no such address");
    report.fate->wire_id = "<not-ours@x>";
    report.origin_id = "<other@mx>";
    hand(report);
    EXPECT_EQ(state_of(4), State::Held) << "about nothing of ours: mail like any other";
}

}  // namespace
}  // namespace waypost
