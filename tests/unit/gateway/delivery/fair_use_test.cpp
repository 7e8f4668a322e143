// SPDX-License-Identifier: Apache-2.0
// What a radio may say, what may come from outside, and receipts that ride along.
#include "village.h"

namespace waypost {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

constexpr char kAna[] = "!0000000a";
constexpr char kBen[] = "!0000000b";
constexpr char kCarl[] = "!0000000c";

class Flood : public Village {
  protected:
    Flood() {
        close();
        settings_.radio_lines_per_minute = 5;
        open();
        name("carl", kCarl);
    }
    Verdict say(const std::string& radio, const std::string& text) {
        Message message;
        message.from = {"meshtastic", radio};
        message.network = "meshtastic";
        message.transport = "meshtastic.roof";
        message.origin_id = "f" + std::to_string(++packets_);
        message.text = text;
        Verdict verdict;
        office_->accept(message, [&](const std::vector<Verdict>& v) { verdict = v.at(0); });
        settle();
        return verdict;
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
}

TEST_F(Later, OnlyWhatFitsTheNewestFirst) {
    relay_->up = false;
    for (int i = 0; i < 25; ++i) dm(kAna, "bob@example.org hi");
    relay_->up = true;
    settle();
    const std::string line = dm1(kAna, "bob@example.org hi");
    EXPECT_EQ(line.substr(0, 28), "26 kept. 25 sent. 24 sent. 2");
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

TEST_F(Later, WhoWritesFromAMailProgramIsOwedNothing) {
    Message message;
    message.from = mailto("ana", "hill.example");
    message.to = {mailto("bob", "example.org")};
    message.network = "email";
    message.origin_id = "<own@hill.example>";
    message.text = "hi";
    message.submitted = message.trusted = message.verified_sender = true;
    office_->accept(message, [](const auto&) {});
    settle();
    ASSERT_EQ(relay_->sent.size(), 1u);
    const std::string line = dm1(kAna, "bob@example.org two");
    EXPECT_EQ(line.find("sent"), std::string::npos) << line;
}

}  // namespace
}  // namespace waypost
