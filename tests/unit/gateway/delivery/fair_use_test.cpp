// SPDX-License-Identifier: Apache-2.0
// What a radio may say, what may come from outside, and receipts that ride along.
#include <algorithm>
#include <set>
#include <sstream>

#include "village.h"

namespace waypost {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

class Flood : public Village {
  protected:
    Flood() {
        close();
        settings_.radio_lines_per_minute = 5;
        open();
        name("carl", kCarl);
    }
    Verdict say(const std::string& radio, const std::string& text) {
        return hand(spoken(radio, text));
    }
};

TEST_F(Flood, IsToldOnceThenDroppedAndRecorded) {
    for (int i = 0; i < 5; ++i) EXPECT_TRUE(say(kAna, "?").kept());
    shown(kAna);
    EXPECT_EQ(dm1(kAna, "?").substr(0, 8), "Too fast");
    for (int i = 0; i < 100; ++i) {
        const Verdict verdict = say(kAna, "bob@example.org flood");
        EXPECT_EQ(verdict.kind, Verdict::Kind::Refused);
    }
    EXPECT_TRUE(shown(kAna).empty());
    EXPECT_TRUE(relay_->sent.empty());
    const auto dropped = store_->read([&](store::Tables& t) {
        return t.state.used("meshtastic:!0000000a", box_->day(), "dropped");
    });
    EXPECT_EQ(*dropped, 100);
    EXPECT_EQ(dm(kBen, "?").size(), 1u) << "another radio is not affected";
}

TEST_F(Flood, ACallForHelpPasses) {
    for (int i = 0; i < 20; ++i) say(kAna, "?");
    shown(kAna);
    say(kAna, "SOS fire");
    EXPECT_EQ(shown(kAna).size(), 1u);
    EXPECT_EQ(say(kAna, "112").kind, Verdict::Kind::Accepted);
    EXPECT_EQ(say(kBen, "?").kind, Verdict::Kind::Accepted);
}

TEST_F(Flood, IsOverWithTheMinuteAlsoAfterARestart) {
    for (int i = 0; i < 20; ++i) say(kAna, "?");
    close();
    open();
    EXPECT_FALSE(say(kAna, "?").kept());
    clock_.advance(minutes(1));
    for (int i = 0; i < 5; ++i) EXPECT_TRUE(say(kAna, "?").kept()) << i;
}

TEST_F(Village, MoreFromOutsideThanItsShareGoesAfterAllElse) {
    close();
    settings_.outside_letters_per_hour = 2;
    open();
    name("ana", kAna);
    dm(kAna, "bob@example.org hi");
    radio_->up = false;
    std::vector<MessageId> mails;
    for (int i = 0; i < 3; ++i) {
        const Verdict verdict =
            mail("bob@example.org", "ana@hill.example", "x", "<" + std::to_string(i) + ">", true);
        ASSERT_TRUE(verdict.kept());
        mails.push_back(verdict.message);
    }
    const auto priority_of = [&](MessageId id) {
        return store_->read([&](store::Tables& t) { return t.deliveries.of_message(id); })
            ->at(0)
            .priority;
    };
    EXPECT_EQ(priority_of(mails[1]), Priority::Normal);
    EXPECT_EQ(priority_of(mails[2]), Priority::Bulk);
    clock_.advance(minutes(30));
    const Verdict later = mail("bob@example.org", "ana@hill.example", "y", "<later>", true);
    EXPECT_EQ(priority_of(later.message), Priority::Normal);
}

TEST_F(Village, WhatIsTooMuchIsAnnouncedWithALaterMail) {
    close();
    settings_.outside_letters_per_hour = 1;
    open();
    name("ana", kAna);
    name("ben", kBen);
    mail("eve@example.org", "ana@hill.example", "buy", "<1>");
    mail("eve@example.org", "ben@hill.example", "buy", "<2>");
    EXPECT_EQ(radio_->sent.size(), 1u);
    clock_.advance(minutes(61));
    mail("eve@example.org", "ben@hill.example", "buy", "<3>");
    ASSERT_EQ(radio_->sent.size(), 2u);
    EXPECT_EQ(radio_->sent[1].to.value, kBen);
}

class Later : public Village {
  protected:
    Later() {
        close();
        settings_.later_states = true;
        open();
        name("ana", kAna);
        name("ben", kBen);
    }
};

TEST_F(Later, StatesRideWithTheNextReceiptOnce) {
    EXPECT_EQ(dm1(kAna, "bob@example.org one"), "1 kept");
    EXPECT_EQ(dm1(kAna, "*").substr(0, 7), "Nothing") << "with receipts only";
    EXPECT_EQ(dm1(kAna, "bob@example.org two"), "2 kept. 1 sent");
    EXPECT_EQ(dm1(kAna, "bob@example.org three"), "3 kept. 2 sent");
    EXPECT_EQ(dm1(kAna, "?3"), "3 bob: sent to mail relay 0s ago");
    EXPECT_EQ(dm1(kAna, "bob@example.org four"), "4 kept") << "3 was told when she asked";
    clock_.advance(seconds(1));
    office_->proof("email", relay_->wire_ids[0],
                   {Proof::Kind::Read, ProofClass::Reported, {}, {}, {}});
    settle();
    EXPECT_TRUE(shown(kAna).empty()) << "never a packet of its own";
    close();
    open();
    EXPECT_EQ(dm1(kAna, "bob@example.org five"), "5 kept. 1 read. 4 sent");
    relay_->up = false;
    for (int i = 0; i < 2; ++i) dm(kAna, "bob@example.org more");
    relay_->up = true;
    settle();
    EXPECT_EQ(dm1(kAna, "bob@example.org eight"), "8 kept. 7 6 sent");
}

TEST_F(Later, OnlyWhatFitsTheNewestFirst) {
    relay_->up = false;
    for (int i = 0; i < 60; ++i) dm(kAna, "bob@example.org hi");
    relay_->up = true;
    settle();
    const std::string line = dm1(kAna, "bob@example.org hi");
    EXPECT_EQ(line.substr(0, 19), "61 kept. 60 59 58 5");
    EXPECT_LE(line.size(), 130u);
    EXPECT_GT(line.size(), 115u);
}

TEST_F(Later, NothingIsSaidBeforeAllCopiesHaveLeftAndNothingOfAFailure) {
    relay_->outcomes = {{Outcome::Kind::Sent, ProofClass::Reported, "250", "", {}, {}},
                        {Outcome::Kind::Retry, ProofClass::Reported, "451", "", minutes(10), {}}};
    dm(kAna, "bob@example.org,eve@example.org hi");
    EXPECT_EQ(dm1(kAna, "bob@example.org two"), "2 kept");
    pass(minutes(15));
    EXPECT_EQ(dm1(kAna, "bob@example.org three").substr(0, 6), "3 kept");
    relay_->outcomes = {{Outcome::Kind::Failed, ProofClass::Reported, "550", "no", {}, {}}};
    dm(kAna, "bob@example.org four");
    EXPECT_EQ(dm1(kAna, "bob@example.org five").find('4'), std::string::npos);
}

// While the air is short, receipts of one radio are one packet.
class Short : public Village {
  protected:
    Short() {
        close();
        settings_.later_states = true;
        settings_.letters_waiting = 3;
        open();
        name("ana", kAna);
        name("ben", kBen);
        radio_->up = false;
    }
    void again() {
        radio_->up = true;
        settle();
    }
};

TEST_F(Short, ReceiptsThatWaitAreOnePacket) {
    dm(kAna, "bob@example.org one");
    const auto verdicts = dm(kBen, "bob@example.org one");
    EXPECT_TRUE(verdicts.empty());
    dm(kAna, "bob@example.org two");
    dm(kAna, "bob@example.org three");
    again();
    EXPECT_EQ(shown(kAna), std::vector<std::string>{"1 2 3 kept. 2 1 sent"});
    EXPECT_EQ(dm1(kAna, "bob@example.org four"), "4 kept. 3 sent") << "that one has gone";
}

TEST_F(Short, AJoinedReceiptKeepsItsPlace) {
    dm(kAna, "bob@example.org one");
    dm(kAna, "?");
    dm(kAna, "bob@example.org two");
    again();
    ASSERT_EQ(radio_->sent.size(), 2u);
    EXPECT_EQ(radio_->sent[0].text, "1 2 kept. 1 sent");
    EXPECT_EQ(radio_->sent[1].text.substr(0, 7), "bob@x.o") << radio_->sent[1].text;
}

TEST_F(Short, OnlyTheSameWordsAreJoined) {
    dm(kAna, "@ben hello");
    dm(kAna, "@ben");
    dm(kAna, "how are you");
    dm(kAna, "and the children");
    again();
    std::vector<std::string> receipts;
    for (const std::string& line : shown(kAna)) {
        if (line.find("kept") != std::string::npos) receipts.push_back(line);
    }
    EXPECT_EQ(receipts, (std::vector<std::string>{"1 kept", "2 3 kept > ben"}));
}

TEST_F(Short, AReplyToAJoinedReceiptAnswersNoneOfThem) {
    dm(kAna, "bob@example.org one");
    dm(kAna, "bob@example.org two");
    again();
    ASSERT_EQ(radio_->sent.size(), 1u);
    Message reply = spoken(kAna, "and more");
    reply.references = {radio_->wire_ids[0]};
    hand(reply);
    EXPECT_EQ(radio_->sent.back().text.substr(0, 9), "Not sent.");
}

TEST_F(Short, TheMessageThatWasJoinedEndsAsThat) {
    dm(kAna, "bob@example.org one");
    const auto first = store_->read(
        [](store::Tables& t) { return t.deliveries.unfinished_to("meshtastic:!0000000a"); });
    ASSERT_EQ(first->size(), 1u);
    dm(kAna, "bob@example.org two");
    EXPECT_EQ(events_of(first->front().message).back(), "joined");
    const auto second = store_->read(
        [](store::Tables& t) { return t.deliveries.unfinished_to("meshtastic:!0000000a"); });
    ASSERT_EQ(second->size(), 1u);
    EXPECT_EQ(second->front().id, first->front().id);
    EXPECT_NE(second->front().message, first->front().message);
}

// The dispatcher has it in hand, but the attempt is not on record yet.
TEST_F(Short, WhatIsInHandWhenItIsJoinedGoesWithAll) {
    dm(kAna, "bob@example.org one");
    radio_->up = true;
    const Message message = spoken(kAna, "bob@example.org two");
    radio_->before_begin = [&] { office_->accept(message, [](const auto&) {}); };
    settle();
    EXPECT_EQ(radio_->dropped, 1);
    EXPECT_EQ(shown(kAna), std::vector<std::string>{"1 2 kept. 1 sent"});
}

TEST_F(Short, NoReceiptIsLongerThanAPacket) {
    relay_->up = false;
    for (int i = 0; i < 60; ++i) dm(kAna, "bob@example.org hi");
    again();
    std::set<int> numbers;
    for (const std::string& line : shown(kAna)) {
        EXPECT_LE(line.size(), 130u);
        std::istringstream words(line);
        for (int number = 0; words >> number;) EXPECT_TRUE(numbers.insert(number).second) << line;
    }
    EXPECT_EQ(numbers.size(), 60u) << "each once";
}

TEST_F(Short, OfOnePersonOnlySoManyLettersWaitForTheAir) {
    for (int i = 0; i < 5; ++i) dm(kAna, "@ben line");
    again();
    EXPECT_EQ(shown(kBen).size(), 5u) << "within a minute nothing is short";
    radio_->up = false;
    for (int i = 0; i < 3; ++i) dm(kAna, "@ben line");
    clock_.advance(minutes(4));
    dm(kAna, "@ben too much");
    dm(kBen, "@ana another's");
    dm(kAna, "bob@example.org costs no air");
    EXPECT_EQ(relay_->sent.size(), 1u);
    again();
    std::vector<std::string> said;
    for (const Delivery& each : radio_->sent) said.push_back(each.text);
    const auto times = [&](const std::string& what) {
        return std::count_if(said.begin(), said.end(), [&](const std::string& line) {
            return line.find(what) != std::string::npos;
        });
    };
    EXPECT_EQ(times("NOT kept. Waiting for the air: 3 of yours. Again in 4m"), 1);
    EXPECT_EQ(times("too much"), 0);
    EXPECT_EQ(times("another's"), 1);
    EXPECT_EQ(dm(kAna, "@ben now").size(), 1u);
    EXPECT_EQ(shown(kBen).size(), 0u);
    EXPECT_EQ(radio_->sent[radio_->sent.size() - 2].text.find("NOT"), std::string::npos);
}

TEST_F(Short, WhoseRadioIsOffIsNotTheAir) {
    radio_->up = true;
    radio_->answer_by_itself = false;
    const Outcome off{Outcome::Kind::Retry, ProofClass::Reported, "routing 5", "", {}, {}};
    for (int i = 0; i < 8; ++i) {
        radio_->outcomes = {off, off, off};
        dm(kAna, "@ben line");
        clock_.advance(minutes(2));
    }
    for (const Delivery& each : radio_->sent)
        EXPECT_EQ(each.text.find("NOT kept"), std::string::npos) << each.text;
}

TEST_F(Later, WhoWritesFromAMailProgramIsOwedNothing) {
    Message message = letter("ana@hill.example", "bob@example.org", "hi");
    message.submitted = message.trusted = message.verified_sender = true;
    hand(message);
    ASSERT_EQ(relay_->sent.size(), 1u);
    const std::string line = dm1(kAna, "bob@example.org two");
    EXPECT_EQ(line.find("sent"), std::string::npos) << line;
}

}  // namespace
}  // namespace waypost
