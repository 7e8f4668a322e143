// SPDX-License-Identifier: Apache-2.0
// Villages that are linked: who may speak for whom, how much a neighbour brings, its alarms, and
// reports back across.
#include <gtest/gtest.h>

#include <algorithm>

#include "neighbour_village.h"

namespace waypost {
namespace {

TEST_F(NeighbourTest, ItsPeopleAreWrittenToAndShownByTheNameOfTheirVillage) {
    EXPECT_EQ(dm1(kAna, "@ben.dale Hello"), "1 kept");
    ASSERT_EQ(relay_->sent.size(), 1u);
    EXPECT_EQ(relay_->sent[0].to, mailto("ben", "dale.example"));
    EXPECT_EQ(relay_->sent[0].text, "Hello") << "no word about radios: they have radios";
    EXPECT_EQ(dm1(kAna, "?1"), "1 ben.dale: sent to mail relay 0s ago");
    EXPECT_EQ(dm1(kAna, "@ben.vale Hello"), "Who is ben.vale? Save: @ben.vale=address");
    Message answer = from_ben("Yes");
    answer.from_name = "Ben of Dale";
    EXPECT_TRUE(hand(answer).kept());
    EXPECT_EQ(shown(kAna), std::vector<std::string>{"2 ben.dale: Yes"});
    EXPECT_EQ(dm1(kAna, "@bb=ben@dale.example").substr(0, 4), "bb =");
    EXPECT_EQ(dm1(kAna, "?1").substr(0, 5), "1 bb:") << "his nickname is her own word";
}

TEST_F(NeighbourTest, ItsPeopleAreKnownUntilTheyAreBlocked) {
    shown(kAna);
    EXPECT_TRUE(hand(from_ben("Hello")).kept());
    EXPECT_EQ(shown(kAna), std::vector<std::string>{"1 ben.dale: Hello"});
    EXPECT_TRUE(relay_->sent.empty()) << "nothing was held, so nobody is told so";
    EXPECT_EQ(dm1(kAna, "@-1"), "ben@dale.example is blocked");
    const Verdict blocked = hand(from_ben("Hello?"));
    EXPECT_EQ(blocked.reason, Verdict::Reason::NotAllowed);
    EXPECT_TRUE(shown(kAna).empty());
}

TEST_F(NeighbourTest, APersonMayHaveThemHeldLikeOutsiders) {
    ASSERT_TRUE(ask([](Desk& desk) {
                    return desk.put_contact("ana", "neighbour:dale", "",
                                            store::ContactState::Blocked);
                }).ok());
    shown(kAna);
    EXPECT_TRUE(hand(from_ben("Hello")).kept());
    const auto seen = shown(kAna);
    ASSERT_EQ(seen.size(), 1u);
    EXPECT_EQ(seen[0], "Mail held from ben@dale.example. @+1 takes it, @-1 blocks");
    dm(kAna, "@+1");
    EXPECT_TRUE(hand(from_ben("Again")).kept());
    const auto more = shown(kAna);
    EXPECT_NE(std::find(more.begin(), more.end(), "2 ben.dale: Again"), more.end());
}

TEST_F(NeighbourTest, ItIsKnownByItsKeyAndNobodyElseSpeaksForIt) {
    Neighbour keyed = dale();
    keyed.addresses.clear();
    keyed.keys = {"nncp:dale"};
    link(keyed);
    shown(kAna);
    EXPECT_TRUE(hand(from_ben("Hello", "nncp:dale")).kept());
    EXPECT_EQ(shown(kAna), std::vector<std::string>{"1 ben.dale: Hello"});
    EXPECT_EQ(hand(from_ben("I am Ben", "nncp:vale")).reason, Verdict::Reason::NotAllowed);
    EXPECT_EQ(hand(from_ben("I am Ben", kDale)).reason, Verdict::Reason::NotAllowed);
    EXPECT_EQ(hand(from("ana@hill.example", "carl@hill.example", "Me", "nncp:dale")).reason,
              Verdict::Reason::NotAllowed);
}

TEST_F(NeighbourTest, WhatComesByTwoWaysIsOneMessage) {
    Neighbour keyed = dale();
    keyed.keys = {"nncp:dale"};
    link(keyed);
    Message compact = from_ben("Hello", "nncp:dale");
    Message mail = compact;
    mail.peer = kDale;
    mail.body = {"From: ben@dale.example\r\n\r\nHello\r\n", {}, 32};
    EXPECT_EQ(hand(compact).kind, Verdict::Kind::Accepted);
    EXPECT_EQ(hand(mail).kind, Verdict::Kind::Duplicate);
    Message cleo = from("cleo@moor.example", "ana@hill.example", "one", kElsewhere);
    cleo.origin_id = "<1@moor.example>";
    EXPECT_EQ(hand(cleo).kind, Verdict::Kind::Accepted);
    EXPECT_EQ(hand(cleo).kind, Verdict::Kind::Duplicate);
    cleo.text = "two";
    EXPECT_EQ(hand(cleo).kind, Verdict::Kind::Accepted) << "of others an id alone says nothing";
}

TEST_F(NeighbourTest, AnIdOfAnyOfItsDomainsIsItsNumber) {
    Neighbour two = dale();
    two.domains = {"dale.example", "thal.example"};
    link(two);
    Message first = from("ben@thal.example", "ana@hill.example", "Hello");
    first.origin_id = "<77.0@Dale.Example>";
    Message other_form = first;
    other_form.text = "Hello\n";
    EXPECT_EQ(hand(first).kind, Verdict::Kind::Accepted);
    EXPECT_EQ(hand(other_form).kind, Verdict::Kind::Duplicate);
}

TEST_F(NeighbourTest, NobodyElseSpeaksForIt) {
    shown(kAna);
    const Verdict forged = hand(from_ben("I am Ben", kElsewhere));
    EXPECT_EQ(forged.kind, Verdict::Kind::Refused);
    EXPECT_EQ(forged.reason, Verdict::Reason::NotAllowed);
    EXPECT_NE(forged.text.find("dale.example"), std::string::npos);
    EXPECT_TRUE(shown(kAna).empty());
    EXPECT_NE(report().problem.find(kElsewhere), std::string::npos) << report().problem;
    EXPECT_EQ(report().messages_today, 0);
    Message vouched = from_ben("It is me", kElsewhere);
    vouched.verified_sender = true;  // DMARC
    EXPECT_TRUE(hand(vouched).kept());
    EXPECT_EQ(shown(kAna), std::vector<std::string>{"1 ben.dale: It is me"});
    EXPECT_EQ(report().messages_today, 1);
}

TEST_F(NeighbourTest, WithoutAddressesOnlyDmarcTellsAndTheRestIsHeld) {
    Neighbour by_dmarc = dale();
    by_dmarc.addresses.clear();
    link(by_dmarc);
    shown(kAna);
    EXPECT_TRUE(hand(from_ben("I am Ben", kElsewhere)).kept());
    EXPECT_EQ(shown(kAna).size(), 1u) << "held, and announced";
    EXPECT_EQ(report().messages_today, 0) << "forgeries must not use up its day";
    Message vouched = from_ben("It is me", kElsewhere);
    vouched.verified_sender = true;
    EXPECT_TRUE(hand(vouched).kept());
    EXPECT_EQ(shown(kAna), std::vector<std::string>{"2 ben.dale: It is me"});
}

TEST_F(NeighbourTest, ItDoesNotSpeakForOthers) {
    shown(kAna);
    EXPECT_TRUE(hand(from("eve@x.org", "ana@hill.example", "buy")).kept());
    EXPECT_EQ(shown(kAna),
              std::vector<std::string>{"Mail held from eve@x.org. @+1 takes it, @-1 blocks"});
    EXPECT_EQ(report().messages_today, 1) << "it brought it all the same";
    Message as_carl = from("carl@hill.example", "ana@hill.example", "as Carl");
    as_carl.submitted = as_carl.trusted = true;  // even where the operator lets it relay
    Verdict verdict = hand(as_carl);
    EXPECT_EQ(verdict.reason, Verdict::Reason::NotAllowed);
    EXPECT_NE(verdict.text.find("hill.example"), std::string::npos);
    Message own = from("carl@hill.example", "ana@hill.example", "round");
    own.origin_id = "<k3f9.aa@hill.example>";
    own.verified_sender = true;
    EXPECT_EQ(hand(own).reason, Verdict::Reason::Loop);
    EXPECT_TRUE(shown(kAna).empty());
}

TEST_F(NeighbourTest, BringsSoManyADayAndTheRestComesTomorrow) {
    Neighbour small = dale();
    small.messages_per_day = 2;
    link(small);
    const Message first = from_ben("one");
    EXPECT_TRUE(hand(first).kept());
    EXPECT_TRUE(hand(from("eve@x.org", "ana@hill.example", "two")).kept());
    const Message third = from_ben("three");
    const Verdict later = hand(third);
    EXPECT_EQ(later.kind, Verdict::Kind::Later);
    EXPECT_EQ(later.reason, Verdict::Reason::QuotaFull);
    EXPECT_EQ(hand(first).kind, Verdict::Kind::Duplicate) << "what is kept is never refused";
    EXPECT_EQ(report().messages_today, 2);
    EXPECT_EQ(report().problem, "dale has brought its 2 messages of today");
    Message vouched = from_ben("by another way", kElsewhere);
    vouched.verified_sender = true;
    EXPECT_EQ(hand(vouched).kind, Verdict::Kind::Later);
    EXPECT_TRUE(hand(from("bob@y.org", "ana@hill.example", "hi", kElsewhere)).kept());
    pass(std::chrono::hours(24));
    EXPECT_TRUE(hand(third).kept());
}

TEST_F(NeighbourTest, ANeighbourWithoutQuotaBringsNothing) {
    Neighbour none = dale();
    none.messages_per_day = 0;
    link(none);
    EXPECT_EQ(hand(from_ben("one")).kind, Verdict::Kind::Later);
    EXPECT_EQ(hand(from("ben@dale.example", "alarm@hill.example", "fire")).kind,
              Verdict::Kind::Later);
}

// Alarms.

TEST_F(NeighbourTest, ItsAlarmIsOnRecordAndOnNobodysRadio) {
    shown(kCarl);
    const Verdict taken = hand(from("ben@dale.example", "alarm@hill.example", "flood"));
    EXPECT_EQ(taken.kind, Verdict::Kind::Accepted);
    EXPECT_TRUE(shown(kCarl).empty());
    EXPECT_EQ(report().alarm_text, "ALARM from dale: flood");
    EXPECT_EQ(report().alarm, taken.message);
    EXPECT_EQ(report().alarms_today, 1);
    EXPECT_EQ(report().messages_today, 0);
    pass(settings_.retention + std::chrono::hours(25));
    EXPECT_EQ(report().alarm_text, "") << "texts go when their time has come";
}

TEST_F(NeighbourTest, ItsAlarmGoesToRespondersWhereTheVillageWantsThat) {
    Neighbour loud = dale();
    loud.alarms_on_radio = true;
    link(loud);
    shown(kCarl);
    const Message alarm = from("ben@dale.example", "alarm@hill.example", "flood at the ford");
    EXPECT_EQ(hand(alarm).kind, Verdict::Kind::Accepted);
    EXPECT_EQ(shown(kCarl), std::vector<std::string>{"1 ALARM from dale: flood at the ford"});
    EXPECT_EQ(hand(alarm).kind, Verdict::Kind::Duplicate);
    EXPECT_TRUE(shown(kAna).empty()) << "she is no responder";
    for (int i = 0; i < 10; ++i) hand(from("ben@dale.example", "alarm@hill.example", "again"));
    EXPECT_EQ(shown(kCarl).size(), 4u) << "five in an hour, the first among them";
    EXPECT_EQ(report().alarms_today, 11) << "the rest is on record";
    pass(std::chrono::hours(1));
    hand(from("ben@dale.example", "alarm@hill.example", "and again"));
    EXPECT_EQ(shown(kCarl).size(), 1u);
}

TEST_F(NeighbourTest, NobodyElseRaisesAnAlarm) {
    const auto refused = [&](const Message& message) {
        const Verdict verdict = hand(message);
        return verdict.kind == Verdict::Kind::Refused &&
               verdict.reason == Verdict::Reason::NotAllowed;
    };
    EXPECT_TRUE(refused(from("eve@x.org", "alarm@hill.example", "fire", kElsewhere)));
    EXPECT_TRUE(refused(from("eve@x.org", "alarm@hill.example", "fire")));
    EXPECT_TRUE(refused(from("ben@dale.example", "alarm@hill.example", "fire", kElsewhere)));
    Message vouched = from("eve@x.org", "alarm@hill.example", "fire", kElsewhere);
    vouched.verified_sender = true;
    EXPECT_TRUE(refused(vouched));
    const Address alarm = mailto("alarm", "hill.example");
    EXPECT_TRUE(office_->check({mailto("ben", "dale.example"), false}, alarm, 0).kept());
    EXPECT_FALSE(office_->check({mailto("eve", "x.org"), false}, alarm, 0).kept());
    EXPECT_FALSE(office_->check({}, alarm, 0).kept());
    EXPECT_EQ(dm1(kAna, "alarm@hill.example fire"), "NOT kept: nobody here is called so");
    EXPECT_EQ(report().alarms_today, 0);
    EXPECT_EQ(dm1("!000000ff", "name alarm").substr(0, 11), "A name has ") << "it is reserved";
}

TEST_F(NeighbourTest, OurAlarmsAreToldToWhoIsToBeTold) {
    Neighbour told = dale();
    told.tell_alarms = true;
    link(told);
    const auto answer = dm(kAna, "SOS fell at the ford");
    ASSERT_EQ(answer.size(), 1u);
    EXPECT_EQ(answer[0], "ALARM 1: 1 person of hill told. NOT police") << "no neighbour counts";
    const auto mails = left();
    ASSERT_EQ(mails.size(), 1u);
    EXPECT_EQ(mails[0].to, mailto("alarm", "dale.example"));
    EXPECT_EQ(mails[0].priority, Priority::Alarm);
    EXPECT_EQ(mails[0].from, mailto("ana", "hill.example"));
    EXPECT_EQ(mails[0].text, "ana: fell at the ford");
}

TEST_F(NeighbourTest, AnAlarmThatIsCalledOffIsToldToNoNeighbour) {
    Neighbour told = dale();
    told.tell_alarms = true;
    link(told);
    dm(kAna, "sos");
    dm(kAna, "0");
    pass(std::chrono::minutes(2));
    EXPECT_TRUE(left().empty());
}

TEST_F(NeighbourTest, AnAlarmThatTheNeighbourRefusesTellsTheCallerNothingWrong) {
    Neighbour told = dale();
    told.tell_alarms = true;
    link(told);
    relay_->outcomes.push_back(
        {Outcome::Kind::Failed, ProofClass::Reported, "550 5.7.1", "not allowed", {}, {}});
    EXPECT_EQ(dm(kAna, "SOS fell").size(), 1u);
    pass(std::chrono::minutes(1));
    for (const std::string& line : shown(kAna))
        EXPECT_EQ(line.find("FAIL"), std::string::npos) << line;
}

// Reports back across (RFC 3461, RFC 3464).

class Reports : public NeighbourTest {
  protected:
    Message asking(const std::string& text,
                   Wish wish = {true, true, true, "rfc822;ANA@hill.example"}) {
        Message message = from_ben(text);
        message.return_path = mailto("bounce+5-token", "dale.example");
        message.wishes = {std::move(wish)};
        message.envelope_id = "k3.f9@dale.example";
        return message;
    }
    void radio_will(Outcome::Kind kind) {
        radio_->outcomes.push_back({kind, ProofClass::Reported, "routing 0", "", {}, {}});
    }
};

TEST_F(Reports, HisMailIsConfirmedWhenHerRadioHasIt) {
    radio_will(Outcome::Kind::Delivered);
    hand(asking("Hello"));
    const auto mails = left();
    ASSERT_EQ(mails.size(), 1u);
    const Delivery& confirmation = mails[0];
    EXPECT_EQ(confirmation.to, mailto("bounce+5-token", "dale.example"));
    EXPECT_TRUE(confirmation.return_path.empty());
    EXPECT_TRUE(confirmation.automatic);
    ASSERT_TRUE(confirmation.report);
    EXPECT_EQ(confirmation.report->action, Report::Action::Delivered);
    EXPECT_EQ(confirmation.report->status, "2.0.0");
    EXPECT_EQ(confirmation.report->recipient, mailto("ana", "hill.example"));
    EXPECT_EQ(confirmation.report->original_recipient, "rfc822;ANA@hill.example");
    EXPECT_EQ(confirmation.report->envelope_id, "k3.f9@dale.example");
    radio_will(Outcome::Kind::Delivered);
    hand(from_ben("Without asking"));
    EXPECT_TRUE(left().empty());
}

TEST_F(Reports, AProofThatComesLaterConfirmsItOnce) {
    hand(asking("Hello"));
    EXPECT_TRUE(left().empty()) << "that it left says nothing yet";
    const WireId wire = radio_->wire_ids.back();
    for (int time = 0; time < 2; ++time) {
        office_->proof("meshtastic.roof", wire, {Proof::Kind::Delivered, {}, "", "", {}});
        settle();
    }
    EXPECT_EQ(left().size(), 1u);
}

TEST_F(Reports, RadioAndMailboxConfirmItOnceTogether) {
    store_->writer().submit(
        [](store::Tables& t) {
            t.people.put_endpoint({mailbox("ana"), "ana", "", "", "", 0, ""});
        },
        {});
    settle();
    box_->router.carries("mailbox", "email", false);
    auto inbox =
        std::make_shared<FakeTransport>("mailserver", "email", "mailbox", Limits{0, 4, false});
    inbox->start(*office_);
    office_->transports().add(inbox);
    office_->load();
    inbox->outcomes.push_back({Outcome::Kind::Delivered, ProofClass::Reported, "250", "", {}, {}});
    radio_will(Outcome::Kind::Delivered);
    hand(asking("Hello"));
    EXPECT_EQ(inbox->sent.size(), 1u);
    EXPECT_EQ(left().size(), 1u);
}

TEST_F(Reports, WhoeverIsNotTakenMailFromLearnsNothing) {
    Message message = asking("Hello");
    message.from = message.return_path = mailto("bob", "x.org");
    message.peer = kElsewhere;
    message.verified_sender = true;
    hand(message);
    left();  // that it is held
    dm(kAna, "@+1");
    radio_will(Outcome::Kind::Delivered);
    Message held = asking("Held");
    held.from = held.return_path = mailto("mallory", "x.org");
    held.peer = kElsewhere;
    held.wishes[0].delivered = true;
    radio_->outcomes.clear();
    hand(held);
    for (const Delivery& mail : left()) EXPECT_FALSE(mail.report) << mail.text;
    // He whom she took is told.
    radio_will(Outcome::Kind::Delivered);
    message.origin_id = "<again@x.org>";
    hand(message);
    const auto mails = left();
    ASSERT_EQ(mails.size(), 1u);
    EXPECT_TRUE(mails[0].report);
}

TEST_F(Reports, WhoWantsToHearNothingHearsNothing) {
    dm(kAna, "bob@x.org We are here");
    left();
    radio_->up = false;
    // Her radio is away: late after a day, given up in the end.
    const auto told = [&](const std::string& who, Wish wish) {
        Message message = asking("Hello", std::move(wish));
        message.from = message.return_path = mailto(who, "x.org");
        message.peer = kElsewhere;
        message.verified_sender = true;
        hand(message);
        pass(std::chrono::hours(25));
        pass(settings_.expiry);
        std::vector<Report::Action> actions;
        for (const Delivery& mail : left())
            actions.push_back(mail.report ? mail.report->action : Report::Action::Delivered);
        return actions;
    };
    using Action = Report::Action;
    using Actions = std::vector<Action>;
    EXPECT_EQ(told("bob", {}), (Actions{Action::Delayed, Action::Failed}));
    EXPECT_EQ(told("bob", {true, true, false, ""}), Actions{Action::Failed});
    EXPECT_EQ(told("bob", {false, false, true, ""}), Actions{Action::Delayed});
    EXPECT_EQ(told("bob", {false, false, false, ""}), Actions{});
    EXPECT_EQ(told("eve", {false, false, false, ""}), Actions{}) << "nor that it is held";
    EXPECT_FALSE(told("joe", {}).empty()) << "as others are told";
}

TEST_F(Reports, OnlySoManyADay) {
    for (int i = 0; i < 110; ++i) {
        radio_will(Outcome::Kind::Delivered);
        hand(asking("Hello " + std::to_string(i)));
    }
    EXPECT_EQ(left().size(), 100u);
}

TEST_F(Reports, AMailThatIsPassedOnIsSaidToBe) {
    Message message = from("joe@y.org", "bob@x.org", "Hello", kElsewhere);
    message.trusted = true;
    message.wishes = {Wish{true, true, true, ""}};
    message.envelope_id = "id7";
    hand(message);
    auto mails = left();
    ASSERT_EQ(mails.size(), 2u);
    ASSERT_TRUE(mails[0].wish);
    EXPECT_TRUE(mails[0].wish->delivered);
    EXPECT_EQ(mails[0].envelope_id, "id7");
    ASSERT_TRUE(mails[1].report);
    EXPECT_EQ(mails[1].report->action, Report::Action::Relayed);
    EXPECT_EQ(mails[1].report->recipient, mailto("bob", "x.org"));
    Outcome taken{Outcome::Kind::Sent, ProofClass::Reported, "250", "", {}, {}};
    taken.wish_taken = true;
    relay_->outcomes.push_back(taken);
    message.origin_id = "<another@y.org>";
    hand(message);
    EXPECT_EQ(left().size(), 1u) << "the next server reports it";
}

TEST_F(Reports, ANeighbourIsAskedToReportAndItsReportIsSeen) {
    dm(kAna, "@ben.dale Hello");
    dm(kAna, "bob@x.org Hello");
    const auto mails = left();
    ASSERT_EQ(mails.size(), 2u);
    ASSERT_TRUE(mails[0].wish);
    EXPECT_TRUE(mails[0].wish->delivered && mails[0].wish->failed && mails[0].wish->late);
    EXPECT_EQ(mails[0].wish->recipient, "rfc822;ben@dale.example");
    EXPECT_EQ('<' + mails[0].envelope_id + '>', mails[0].message_id);
    EXPECT_FALSE(mails[1].wish) << "others are asked nothing";
    Message report = from("postmaster@dale.example", mails[0].return_path.value, "It arrived");
    report.automatic = true;
    report.return_path = {};
    report.fate = Fate{Fate::Kind::Delivered, {}, mailto("ben", "dale.example"), "2.0.0", ""};
    EXPECT_TRUE(hand(report).kept());
    EXPECT_EQ(dm1(kAna, "?1"), "1 ben.dale: delivered 0s ago");
    EXPECT_EQ(state_of(mails[0].message), State::Delivered);
    Message forged = report;
    forged.peer = kElsewhere;
    forged.to = {mails[1].return_path};
    EXPECT_FALSE(hand(forged).kept());
}

TEST_F(Reports, ANeighbourMayNameAMessageByItsIdAlone) {
    dm(kAna, "@ben.dale Hello");
    const auto mail = left().at(0);
    Message report = from("postmaster@dale.example", "bounce+@hill.example", "It arrived");
    report.automatic = true;
    report.return_path = {};
    report.fate =
        Fate{Fate::Kind::Delivered, mail.message_id, mailto("ben", "dale.example"), "2.0.0", ""};
    Message forged = report;
    forged.from = mailto("postmaster", "x.org");
    forged.peer = kElsewhere;
    EXPECT_FALSE(hand(forged).kept()) << "nobody else may";
    EXPECT_EQ(state_of(mail.message), State::Sent) << "what is refused has changed nothing";
    Message overheard = report;
    overheard.transport = "trunk.moor";  // of a neighbour as well, to whom it was not handed
    EXPECT_TRUE(hand(overheard).kept());
    EXPECT_EQ(state_of(mail.message), State::Sent) << "who only knows the id says nothing";
    EXPECT_TRUE(hand(report).kept());
    EXPECT_EQ(state_of(mail.message), State::Delivered);
    report.fate->wire_id = "<long.gone@hill.example>";
    EXPECT_TRUE(hand(report).kept()) << "there is nothing that it could change";
    EXPECT_EQ(dm1(kAna, "*"), "Nothing here yet. ? = help") << "nobody is sent a mail of it";
    report.fate->wire_id = {};
    EXPECT_FALSE(hand(report).kept()) << "of nothing";
}

}  // namespace
}  // namespace waypost
