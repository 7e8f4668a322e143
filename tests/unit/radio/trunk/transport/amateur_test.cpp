// SPDX-License-Identifier: Apache-2.0
// Two amateur stations: what anybody may read goes, signed and in clear; all else waits.
#include "radio/trunk/transport/amateur_post.h"
#include "radio/trunk/transport/amateur_station.h"
#include "tests/unit/radio/trunk/transport/two_posts.h"

namespace waypost::trunk {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using ::testing::Contains;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using ::testing::StartsWith;
using Kind = Outcome::Kind;

class TwoStations : public TwoPosts {
  protected:
    TwoStations() {
        channel_->join([this](const std::string& packet, BoxTime) { heard_.push_back(packet); });
        for (PostBox* box : {hill_.get(), dale_.get()}) {
            box->licensed = {"ana", "ben"};
            box->open(now_);
        }
    }
    Delivery of_ana(const std::string& text) {
        Delivery delivery = letter("ben@dale.example", text);
        delivery.author = "ana";
        return delivery;
    }
    // What became of it at hill, alone.
    Outcome outcome_of(const Delivery& delivery) {
        hill_->office.reports.clear();
        hill_->post().deliver(delivery);
        run();
        return hill_->office.reports.empty() ? Outcome{} : hill_->office.reports.back().second;
    }
    std::vector<std::string> heard_;  // by anybody with a receiver
};

TEST_F(TwoStations, AnybodyCanReadWhatGoes) {
    run();
    EXPECT_THAT(heard_, Contains(HasSubstr("hill.example"))) << "its hello says who it is";
    EXPECT_EQ(outcome_of(of_ana("Is the ford open?")).kind, Kind::Sent);
    EXPECT_THAT(heard_, Contains(HasSubstr("Is the ford open?")));
    ASSERT_THAT(dale_->office.accepted, SizeIs(1));
    EXPECT_EQ(dale_->office.accepted[0].text, "Is the ford open?");
    EXPECT_EQ(dale_->office.accepted[0].privacy, Privacy::InClear);
    EXPECT_EQ(hill_->office.reports.back().second.privacy, Privacy::InClear);
}

TEST_F(TwoPosts, OfALicenceFreeRadioNobodyReadsAnything) {
    std::vector<std::string> heard;
    channel_->join([&](const std::string& packet, BoxTime) { heard.push_back(packet); });
    run();
    hill_->post().deliver(letter("ben@dale.example", "Is the ford open?"));
    run();
    EXPECT_THAT(outcomes(), ElementsAre(Kind::Sent));
    EXPECT_THAT(heard, Each(Not(HasSubstr("ford"))));
    EXPECT_THAT(heard, Each(Not(HasSubstr("hill.example"))));
}

TEST_F(TwoStations, WhatIsForgedOrSaidAgainIsNotTaken) {
    run();
    EXPECT_EQ(outcome_of(of_ana("Is the ford open?")).kind, Kind::Sent);
    const auto all = heard_;
    for (std::string packet : all) {
        dale_->post().heard({packet, {}, {}, {}}, now_);
        const std::size_t at = packet.find("ford");
        if (at != std::string::npos) packet.replace(at, 4, "door");
        dale_->post().heard({packet, {}, {}, {}}, now_);
    }
    run();
    EXPECT_THAT(dale_->office.accepted, SizeIs(1));
    EXPECT_TRUE(dale_->post().up());
}

TEST_F(TwoStations, MailOfOthersWaitsUntilTheOperatorLetsItPass) {
    run();
    Delivery others = letter("ben@dale.example", "From the Internet");
    const Outcome outcome = outcome_of(others);
    EXPECT_EQ(outcome.kind, Kind::NotTried);
    EXPECT_EQ(outcome.code, kToScreen);
    EXPECT_THAT(outcome.detail, StartsWith("by the operator: "));
    EXPECT_THAT(outcome.detail, HasSubstr("97.219"));
    EXPECT_THAT(dale_->office.accepted, IsEmpty());
    others.passed = true;
    EXPECT_EQ(outcome_of(others).kind, Kind::Sent);
    EXPECT_THAT(dale_->office.accepted, SizeIs(1));
}

TEST_F(TwoStations, WhoHasNoLicenceIsSomebodyElse) {
    run();
    Delivery delivery = of_ana("Hello");
    delivery.author = "eva";
    EXPECT_EQ(outcome_of(delivery).code, kToScreen);
    delivery.author = "";  // a forged From: of hers
    EXPECT_EQ(outcome_of(delivery).code, kToScreen);
    delivery.author = "ana";
    delivery.automatic = true;  // her holiday notice
    EXPECT_EQ(outcome_of(delivery).code, kToScreen);
    EXPECT_THAT(heard_, Each(Not(HasSubstr("Hello"))));
}

TEST_F(TwoStations, WhatIsSealedGoesNoOtherWayThanAnother) {
    run();
    for (const char* text :
         {"Look:\n-----BEGIN PGP MESSAGE-----\n\nhF4D", "-----BEGIN AGE ENCRYPTED FILE-----\nYWdl",
          "-----BEGIN PKCS7-----\nMIIB", "[encrypted, cannot be read here]"}) {
        Delivery sealed = of_ana(text);
        sealed.passed = true;  // the operator cannot read it either
        const Outcome outcome = outcome_of(sealed);
        EXPECT_EQ(outcome.kind, Kind::NotTried) << text;
        EXPECT_EQ(outcome.code, "amateur") << text;
        EXPECT_THAT(outcome.detail, HasSubstr("25.2A")) << text;
    }
    EXPECT_THAT(dale_->office.accepted, IsEmpty());
    EXPECT_EQ(outcome_of(of_ana("-----BEGIN PGP SIGNED MESSAGE-----\nHello")).kind, Kind::Sent)
        << "a signature hides nothing";
}

TEST_F(TwoStations, AnAlarmGoesWhoeverRaisedIt) {
    run();
    Delivery alarm = letter("ben@dale.example", "eva: SOS fire");
    alarm.alert = true;
    alarm.priority = waypost::Priority::Alarm;
    EXPECT_EQ(outcome_of(alarm).kind, Kind::Sent);
}

TEST_F(TwoStations, AReceiptGoesWithoutAWord) {
    run();
    Delivery receipt;
    receipt.attempt = {1, 1};
    receipt.to = mailto("bounce+", "dale.example");
    receipt.message_id = "<mi3k9x1a.000000000009@hill.example>";
    receipt.automatic = true;
    receipt.report = waypost::Report{};
    receipt.report->action = waypost::Report::Action::Failed;
    receipt.report->status = "5.1.1";
    receipt.report->diagnostic = "ana says: no thanks";
    receipt.report->original_id = "<mi3k9x1a.000000000001@dale.example>";
    receipt.report->recipient = mailto("ana", "hill.example");
    EXPECT_EQ(outcome_of(receipt).kind, Kind::Sent);
    EXPECT_THAT(heard_, Each(Not(HasSubstr("no thanks"))));
    ASSERT_THAT(dale_->office.accepted, SizeIs(1));
    EXPECT_EQ(dale_->office.accepted[0].fate->code, "5.1.1");

    dale_->office.verdict = [](const Address&) {
        return Verdict{Verdict::Kind::Refused, Verdict::Reason::UnknownRecipient,
                       "nobody here is called ben", 0};
    };
    EXPECT_EQ(outcome_of(of_ana("Hello")).kind, Kind::Sent);
    ASSERT_THAT(hill_->office.accepted, SizeIs(1));
    EXPECT_EQ(hill_->office.accepted[0].fate->code, "5.1.1");
    EXPECT_THAT(heard_, Each(Not(HasSubstr("nobody"))));
}

TEST_F(TwoStations, WithALicenceFreeBoxNothingIsExchanged) {
    dale_->licensed.reset();
    dale_->open(now_);
    run();
    EXPECT_EQ(hill_->post().why_down(),
              "dale is no amateur station: set service = \"amateur\" at both boxes or at none");
    EXPECT_EQ(dale_->post().why_down(),
              "hill is an amateur station, which sends in clear: set service = \"amateur\" at both "
              "boxes or at none");
    EXPECT_FALSE(hill_->post().up() || dale_->post().up());
    hill_->post().deliver(of_ana("Hello"));
    dale_->post().deliver(letter("ana@hill.example", "Hello"));
    run();
    EXPECT_THAT(dale_->office.accepted, IsEmpty());
    EXPECT_THAT(hill_->office.accepted, IsEmpty());
    dale_->licensed = {"ben"};
    dale_->open(now_);
    run();
    EXPECT_TRUE(hill_->post().up() && dale_->post().up()) << hill_->post().why_down();
}

TEST_F(TwoStations, WhatWaitedForAnotherServiceIsGivenBack) {
    run();
    dale_->close();
    hill_->post().deliver(of_ana("In clear"));
    run();
    hill_->licensed.reset();
    hill_->open(now_);
    run();
    EXPECT_THAT(outcomes(), ElementsAre(Kind::Retry)) << "it is asked anew whether it may go";
    EXPECT_EQ(hill_->post().waiting(), 0u);
}

// The call sign, with a frame of a second now and then.
struct CallSign : ::testing::Test {
    // True: the call sign went first.
    bool send() {
        const bool first = say_if_due(seconds(1));
        station.sending({++frames, "frame", {}}, seconds(1), now);
        now += seconds(1);
        return first;
    }
    bool say_if_due(std::chrono::microseconds airtime = {}) {
        const auto due = station.due(now, airtime);
        if (!due) return false;
        EXPECT_EQ(due->bytes, "DE DB0ABC");
        station.sending(*due, milliseconds(100), now);
        station.ended({due->id, FrameFate::Sent, 0}, now);
        return true;
    }
    BoxTime now{};
    AmateurStation station{"DB0ABC", false, now};
    std::uint32_t frames = 0;
};

TEST_F(CallSign, IsOwedAfterARestartBeforeAnythingElse) {
    EXPECT_TRUE(send());
    EXPECT_FALSE(send());
}

TEST_F(CallSign, GoesBeforeTenMinutesAreOver) {
    send();
    BoxTime said = now - seconds(1);
    for (int i = 0; i < 3600; ++i) {
        if (send()) said = now - seconds(1);
        ASSERT_LE(now - said, minutes(10)) << i;
    }
}

TEST_F(CallSign, EndsACommunicationOnce) {
    send();
    now += seconds(29);
    EXPECT_FALSE(say_if_due());
    now += seconds(2);
    EXPECT_TRUE(say_if_due());
    EXPECT_FALSE(station.owes());
    now += std::chrono::hours(5);
    EXPECT_FALSE(say_if_due()) << "who is silent says nothing";
    send();
    station.end_communication();
    EXPECT_TRUE(say_if_due()) << "at once, where the box stops";
}

TEST_F(CallSign, ThatDidNotLeaveIsOwedAndNothingGoesBeforeIt) {
    const auto due = station.due(now, {});
    ASSERT_TRUE(due);
    station.ended({due->id, FrameFate::Busy, 0}, now);
    EXPECT_TRUE(station.must_wait(now));
    EXPECT_TRUE(station.owes());
    now += seconds(3);
    EXPECT_FALSE(station.must_wait(now));
    const auto again = station.due(now, {});
    ASSERT_TRUE(again);
    EXPECT_NE(again->id, due->id);
}

TEST(CallSigns, WhereEachFrameHasItNothingIsOwed) {
    BoxTime now{};
    AmateurStation station("DB0ABC", true, now);
    EXPECT_FALSE(station.due(now, seconds(1)));
    station.sending({1, "frame", {}}, seconds(1), now);
    now += minutes(20);
    EXPECT_FALSE(station.due(now, seconds(1)));
}

TEST(CallSigns, OfOtherStationsAreNoFramesOfTheLink) {
    AmateurStation station("DB0ABC", false, BoxTime{});
    EXPECT_TRUE(station.heard({"DE DL1XYZ", {}, {}, {}}));
    EXPECT_EQ(station.heard_last(), "DL1XYZ");
    EXPECT_FALSE(station.heard({"DE dl1xyz", {}, {}, {}}));
    EXPECT_FALSE(station.heard({"DE DL1XYZ and more", {}, {}, {}}));
    EXPECT_THROW(AmateurStation("ANA", false, BoxTime{}), std::runtime_error);
}

}  // namespace
}  // namespace waypost::trunk
