// SPDX-License-Identifier: Apache-2.0
// Nothing in custody is lost, and nothing is said twice that a protocol lets us say once.
#include <filesystem>
#include <set>

#include "village.h"

namespace waypost {
namespace {

Outcome outcome(Outcome::Kind kind) { return {kind, ProofClass::Reported, "x", "why", {}, {}}; }

TEST_F(Village, ARepeatIsRecognisedPerRecipientAndBody) {
    name("ana", kAna);
    dm(kAna, "bob@example.org hi");
    const Verdict first = mail("bob@example.org", "ana@hill.example", "one", "<1@x>", true);
    const Verdict again = mail("bob@example.org", "ana@hill.example", "one", "<1@x>", true);
    EXPECT_EQ(again.kind, Verdict::Kind::Duplicate);
    EXPECT_EQ(again.message, first.message);
    EXPECT_EQ(shown(kAna).size(), 1u);
    const Verdict other = mail("bob@example.org", "ana@hill.example", "two", "<1@x>", true);
    EXPECT_EQ(other.kind, Verdict::Kind::Accepted) << "the same id with another body is new";
}

TEST_F(Village, TheFileOfABodyThatIsNotTakenGoesAtOnce) {
    name("ana", kAna);
    std::vector<Verdict::Kind> kinds;
    for (const char* to : {"ana@hill.example", "ana@hill.example", "nobody@hill.example"}) {
        auto body = office_->new_body();
        ASSERT_TRUE(body->write("a large one").ok());
        Message message = letter("bob@example.org", to, {});
        message.origin_id = "<1@x>";
        message.body = *body->finish();
        kinds.push_back(hand(message).kind);
    }
    EXPECT_EQ(kinds, (std::vector<Verdict::Kind>{Verdict::Kind::Accepted, Verdict::Kind::Duplicate,
                                                 Verdict::Kind::Refused}));
    const std::filesystem::directory_iterator files(store_->bodies().folder());
    EXPECT_EQ(std::distance(begin(files), end(files)), 1);
}

TEST_F(Village, TheSamePacketTwiceActsOnce) {
    name("ana", kAna);
    const Message message = spoken(kAna, "bob@example.org hi");
    std::vector<Verdict::Kind> kinds;
    for (int i = 0; i < 2; ++i) {
        office_->accept(message, [&](const auto& v) { kinds.push_back(v.at(0).kind); });
    }
    settle();
    EXPECT_EQ(kinds,
              (std::vector<Verdict::Kind>{Verdict::Kind::Accepted, Verdict::Kind::Duplicate}));
    EXPECT_EQ(relay_->sent.size(), 1u);
    EXPECT_EQ(shown(kAna).size(), 1u);
}

TEST_F(Village, AfterARestartTheAttemptIsOfferedAgainWithItsWireId) {
    name("ana", kAna);
    relay_->answer_by_itself = false;  // killed between the first byte and the answer
    dm(kAna, "bob@example.org hi");
    ASSERT_EQ(relay_->sent.size(), 1u);
    close();
    relay_->answer_by_itself = true;
    open();
    settle();
    ASSERT_EQ(relay_->sent.size(), 2u);
    EXPECT_EQ(relay_->wire_ids[1], relay_->wire_ids[0]);
    EXPECT_EQ(relay_->sent[1].attempt, relay_->sent[0].attempt) << "the same attempt, not another";
    EXPECT_EQ(state_of(relay_->sent[1].message), State::Sent);
    close();
    open();
    settle();
    EXPECT_EQ(relay_->sent.size(), 2u) << "what has an outcome is not sent again";
}

TEST_F(Village, WhatArrivedBeforeItWasOfferedAgainIsNotSentTwice) {
    name("ana", kAna);
    relay_->answer_by_itself = false;
    dm(kAna, "bob@example.org hi");
    ASSERT_EQ(relay_->sent.size(), 1u);
    const Delivery first = relay_->sent[0];
    close();
    open();
    office_->report(first.attempt, outcome(Outcome::Kind::Sent));
    settle();
    EXPECT_EQ(state_of(first.message), State::Sent);
    EXPECT_EQ(relay_->sent.size(), 1u);
}

TEST_F(Village, RetriesBackOffAndKeepTheirRecord) {
    name("ana", kAna);
    for (int i = 0; i < 3; ++i) relay_->outcomes.push_back(outcome(Outcome::Kind::Retry));
    dm(kAna, "bob@example.org hi");
    const MessageId message = relay_->sent[0].message;
    EXPECT_EQ(state_of(message), State::Deferred);
    pass(std::chrono::seconds(10));
    EXPECT_EQ(relay_->sent.size(), 1u);
    pass(std::chrono::seconds(30));
    EXPECT_EQ(relay_->sent.size(), 2u);
    pass(std::chrono::seconds(40));
    EXPECT_EQ(relay_->sent.size(), 2u) << "the second wait is longer";
    pass(std::chrono::hours(2));
    pass(std::chrono::hours(2));
    EXPECT_EQ(state_of(message), State::Sent);
    EXPECT_EQ(relay_->sent.back().attempt.number, 4);
    const auto events = events_of(message);
    EXPECT_EQ(std::count(events.begin(), events.end(), "begun"), 4);
    EXPECT_EQ(std::set(relay_->wire_ids.begin(), relay_->wire_ids.end()).size(), 1u)
        << "every attempt under one Message-ID";
}

TEST_F(Village, ARadioGetsARepeatUnderItsOldPacketId) {
    name("ana", kAna);
    const std::size_t before = radio_->sent.size();
    radio_->outcomes.push_back(outcome(Outcome::Kind::Unknown));
    dm(kAna, "?");
    pass(std::chrono::minutes(3));
    ASSERT_EQ(radio_->sent.size(), before + 2);
    EXPECT_EQ(radio_->sent[before + 1].attempt.number, 2);
    EXPECT_EQ(radio_->wire_ids[before + 1], radio_->wire_ids[before]);
}

TEST_F(Village, AnAlarmWaitsForNoVerdictOnWhatWentBefore) {
    name("carl", kCarl);
    radio_->answer_by_itself = false;  // nothing that is sent now gets a verdict
    for (const char* radio : {"!000000a1", "!000000a2", "!000000a3", "!000000a4", "!000000a5"})
        dm(radio, "?");
    const std::size_t before = radio_->sent.size();
    dm(kAna, "SOS water rising");
    ASSERT_EQ(radio_->sent.size(), before + 2) << "to Carl, and the answer to Ana";
    EXPECT_EQ(radio_->sent[before].priority, Priority::Alarm);
}

TEST_F(Village, NotTriedCostsNoAttempt) {
    name("ana", kAna);
    relay_->outcomes.push_back(outcome(Outcome::Kind::NotTried));
    dm(kAna, "bob@example.org hi");
    pass(std::chrono::seconds(31));
    ASSERT_EQ(relay_->sent.size(), 2u);
    EXPECT_EQ(relay_->sent[1].attempt.number, 1);
}

TEST_F(Village, LatestProofWinsAndWeakerOnesAreOnlyEvents) {
    name("ana", kAna);
    dm(kAna, "bob@example.org hi");
    const MessageId message = relay_->sent[0].message;
    const WireId wire = relay_->wire_ids[0];
    office_->proof("email", wire, {Proof::Kind::Read, ProofClass::Reported, "mdn", "", {}});
    settle();
    EXPECT_EQ(state_of(message), State::Read);
    office_->proof("email", wire, {Proof::Kind::Delivered, ProofClass::Reported, "dsn", "", {}});
    office_->proof("email", "<unknown@x>", {Proof::Kind::Read, ProofClass::Reported, "", "", {}});
    settle();
    EXPECT_EQ(state_of(message), State::Read);
    EXPECT_EQ(events_of(message).back(), "delivered");
}

TEST_F(Village, ABounceOfOneCopyFailsThatCopyOnly) {
    name("ana", kAna);
    dm(kAna, "bob@example.org,eve@example.org hi");
    ASSERT_EQ(relay_->sent.size(), 2u);
    Proof bounce{Proof::Kind::Bounced, ProofClass::Reported, "5.1.1", "no such address",
                 mailto("bob", "example.org")};
    office_->proof("email.relay", relay_->wire_ids[0], bounce);
    settle();
    const auto state = [&](std::size_t i) {
        const auto rows = store_->read(
            [&](store::Tables& t) { return t.deliveries.find(relay_->sent[i].attempt.delivery); });
        return rows.value()->state;
    };
    const std::size_t bob = relay_->sent[0].to.local_part() == "bob" ? 0 : 1;
    EXPECT_EQ(state(bob), State::Failed);
    EXPECT_EQ(state(1 - bob), State::Sent);
    EXPECT_EQ(shown(kAna), (std::vector<std::string>{"1 FAIL no such address"}));
    bounce.recipient = mailto("robert", "elsewhere.example");  // whose copy was forwarded?
    office_->proof("email.relay", relay_->wire_ids[0], bounce);
    settle();
    EXPECT_EQ(state(1 - bob), State::Sent) << "nobody's fate is guessed";
}

TEST_F(Village, ABounceWeeksLaterReachesTheSender) {
    name("ana", kAna);
    dm(kAna, "bob@example.org hi");
    clock_.advance(std::chrono::hours(24 * 21));
    office_->proof("email", relay_->wire_ids[0],
                   {Proof::Kind::Bounced, ProofClass::Reported, "5.2.2", "mailbox full", {}});
    settle();
    EXPECT_EQ(shown(kAna), (std::vector<std::string>{"1 FAIL mailbox full"}));
}

TEST_F(Village, ExpiryTellsTheSenderAndADoubtfulClockSuspendsIt) {
    name("ana", kAna);
    relay_->up = false;
    dm(kAna, "bob@example.org hi");
    clock_.jump_wall(std::chrono::hours(24 * 365 * 16));  // 2042
    pass(std::chrono::minutes(1));
    EXPECT_FALSE(office_->time_doubt().empty());
    EXPECT_TRUE(shown(kAna).empty()) << "nothing expires by a clock that jumped";
    clock_.jump_wall(-std::chrono::hours(24 * 365 * 16));
    office_->confirm_time();
    pass(std::chrono::hours(24 * 29));
    EXPECT_TRUE(shown(kAna).empty());
    for (int day = 0; day < 2; ++day) pass(std::chrono::hours(24));
    EXPECT_EQ(shown(kAna), (std::vector<std::string>{"1 FAIL not delivered before it expired"}));
}

TEST_F(Village, OneSendersLinesToOneRadioKeepTheirOrder) {
    name("ana", kAna);
    name("ben", kBen);
    radio_->unreachable = kBen;
    dm(kAna, "@ben one");
    dm(kAna, "@ben two");
    radio_->unreachable.clear();
    radio_->outcomes.push_back(outcome(Outcome::Kind::Retry));
    settle();
    EXPECT_EQ(all_shown(kBen), (std::vector<std::string>{"1 ana: one"})) << "two waits behind one";
    pass(std::chrono::seconds(90));
    EXPECT_EQ(all_shown(kBen),
              (std::vector<std::string>{"1 ana: one", "1 ana: one", "2 ana: two"}));
}

TEST_F(Village, AStuckHeadBlocksItsLaneForTenMinutesAtMost) {
    name("ana", kAna);
    name("ben", kBen);
    for (int i = 0; i < 6; ++i) radio_->outcomes.push_back(outcome(Outcome::Kind::Sent));
    dm(kAna, "?");
    radio_->outcomes.clear();
    radio_->answer_by_itself = true;
    radio_->unreachable = kBen;
    dm(kAna, "@ben one");
    dm(kAna, "@ben two");
    radio_->unreachable.clear();
    for (int i = 0; i < 4; ++i) radio_->outcomes.push_back(outcome(Outcome::Kind::Retry));
    settle();
    for (int i = 0; i < 20; ++i) pass(std::chrono::minutes(1));
    const auto lines = all_shown(kBen);
    EXPECT_NE(std::find(lines.begin(), lines.end(), "2 ana: two"), lines.end());
}

TEST_F(Village, TurnsAreFairBetweenPeople) {
    name("ana", kAna);
    name("ben", kBen);
    relay_->up = false;
    for (int i = 0; i < 20; ++i) dm(kAna, "bob@example.org a" + std::to_string(i));
    dm(kBen, "bob@example.org b");
    relay_->up = true;
    settle();
    ASSERT_EQ(relay_->sent.size(), 21u);
    const auto bens = std::find_if(relay_->sent.begin(), relay_->sent.end(),
                                   [](const Delivery& d) { return d.text == "b"; });
    EXPECT_LT(bens - relay_->sent.begin(), 3) << "one message does not wait behind twenty";
}

TEST_F(Village, AWaitingRadioGetsItsMailWhenItIsHeard) {
    name("ana", kAna);
    name("ben", kBen);
    dm(kAna, "?");
    radio_->outcomes.clear();
    for (int i = 0; i < 2; ++i) radio_->outcomes.push_back(outcome(Outcome::Kind::Sent));
    radio_->outcomes.push_back(outcome(Outcome::Kind::Retry));
    radio_->outcomes.clear();
    radio_->unreachable = kBen;
    dm(kAna, "@ben one");
    radio_->unreachable.clear();
    radio_->outcomes.push_back(outcome(Outcome::Kind::Retry));
    settle();
    const std::size_t before = radio_->sent.size();
    clock_.advance(std::chrono::seconds(10));
    Heard heard;
    heard.name = "Ben radio";
    hear(kBen, heard);
    ASSERT_EQ(radio_->sent.size(), before + 1) << "not only when the back-off is over";
    EXPECT_EQ(radio_->sent.back().text, "1 ana: one");
}

// "112" is told in 30 s unless its sender says 0: also to a responder who is heard meanwhile.
TEST_F(Village, AnAlarmThatMayBeCalledOffIsNotWokenByItsResponder) {
    name("ana", kAna);
    name("carl", kCarl);
    radio_->outcomes = {outcome(Outcome::Kind::Sent), outcome(Outcome::Kind::Retry)};  // "1 kept"
    dm(kAna, "@carl a letter");
    looked_ = radio_->sent.size();
    dm(kAna, "112");
    looked_ = radio_->sent.size();
    hear(kCarl);
    for (const std::string& line : shown(kCarl)) EXPECT_EQ(line, "1 ana: a letter");
    EXPECT_EQ(dm1(kAna, "0"), "OK, no alarm");
}

// Two devices on meshes of their own know nothing of who is where after a restart.
TEST_F(Village, OfEqualDevicesTheOneThatHeardHimLastIsTaken) {
    name("ana", kAna);
    name("ben", kBen);
    const auto hut = std::make_shared<FakeTransport>("meshtastic.hut", "meshtastic", "meshtastic",
                                                     Limits{200, 4, true});
    hut->start(*office_);
    office_->transports().add(hut);
    for (const auto& [device, other] : {std::pair(hut, radio_), std::pair(radio_, hut)}) {
        clock_.advance(std::chrono::hours(1));
        office_->heard(device->id(), {"meshtastic", kBen}, {});
        settle();
        device->sent.clear();
        other->sent.clear();
        dm(kAna, "@ben where are you");
        const auto to_ben = [](const Delivery& d) { return d.to.value == kBen; };
        EXPECT_EQ(std::count_if(device->sent.begin(), device->sent.end(), to_ben), 1);
        EXPECT_EQ(std::count_if(other->sent.begin(), other->sent.end(), to_ben), 0);
    }
}

// The device on the roof, radio_, opens after that in the hut.
class OpeningTest : public Village {
  protected:
    OpeningTest() {
        name("ana", kAna);
        name("ben", kBen);
    }
    void start_again() {
        close();
        open();
        hut_ = std::make_shared<FakeTransport>("meshtastic.hut", "meshtastic", "meshtastic",
                                               Limits{200, 4, true});
        hut_->start(*office_);
        office_->transports().add(hut_);
        radio_->up = false;
        radio_->sent.clear();
    }
    static std::ptrdiff_t to_ben(const FakeTransport& device) {
        return std::count_if(device.sent.begin(), device.sent.end(),
                             [](const Delivery& d) { return d.to.value == kBen; });
    }
    // The roof's comes up, or does not for as long as it is waited for.
    void expect_then(bool comes) {
        radio_->up = comes;
        if (!comes) clock_.advance(std::chrono::seconds(31));
        office_->wake("meshtastic.hut");
        settle();
        EXPECT_EQ(to_ben(*hut_), comes ? 0 : 1);
        EXPECT_EQ(to_ben(*radio_), comes ? 1 : 0);
    }

    std::shared_ptr<FakeTransport> hut_;
};

// The others come up first, and never heard him: what they send is lost on the air for minutes.
TEST_F(OpeningTest, TheDeviceThatHeardHimIsWaitedFor) {
    hear(kBen);
    pass(std::chrono::hours(1));
    for (const bool comes : {true, false}) {
        start_again();
        hand(spoken(kAna, "@ben where are you"));
        settle();
        EXPECT_EQ(to_ben(*hut_), 0);
        expect_then(comes);
    }
}

TEST_F(OpeningTest, WhatBeganByADeviceGoesOnByIt) {
    for (const bool comes : {true, false}) {
        radio_->up = true;
        radio_->answer_by_itself = false;
        hear(kBen);
        radio_->sent.clear();
        hand(spoken(kAna, "@ben where are you"));
        settle();
        ASSERT_EQ(to_ben(*radio_), 1);
        start_again();
        radio_->answer_by_itself = true;
        office_->heard("meshtastic.hut", {"meshtastic", kBen}, {});
        settle();
        EXPECT_EQ(to_ben(*hut_), 0) << "it would be a second copy";
        expect_then(comes);
    }
}

TEST_F(Village, NobodyIsHopedForLongerThanSomethingWaits) {
    name("ana", kAna);
    name("ben", kBen);
    radio_->outcomes = {outcome(Outcome::Kind::Sent), outcome(Outcome::Kind::Retry)};  // "1 kept"
    dm(kAna, "@ben a letter");
    EXPECT_EQ(office_->hoped_for(), 1u);
    for (int i = 0; i < 2; ++i) {
        office_->heard("meshtastic.roof", {"meshtastic", kBen}, {});
        pass(std::chrono::minutes(3));
    }
    EXPECT_EQ(office_->hoped_for(), 0u);
}

}  // namespace
}  // namespace waypost
