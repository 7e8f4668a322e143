// SPDX-License-Identifier: Apache-2.0
// Alarms: whom they reach, how long they are repeated, who ends them, and that a storm of them
// stays small.
#include "gateway/custody/alarm.h"

#include <gmock/gmock.h>

#include "gateway/delivery/desk_alarms.h"
#include "village.h"

namespace waypost {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::MatchesRegex;
using Lines = std::vector<std::string>;

class Alarm : public Village {
  protected:
    Alarm() {
        close();
        settings_.responders = {"ben", "carl"};
        open();
        name("ana", kAna);
        name("ben", kBen);
        name("carl", kCarl);
    }
    void speaks(const std::string& handle, const std::string& language) {
        change([=](store::Tables& t) {
            t.people.put_person({handle, "", language, "", true, false, 0});
        });
    }
    void bind(const std::string& handle, const Address& address) {
        change([=](store::Tables& t) {
            t.people.put_endpoint({address, handle, "", "", "", 1, ""});
        });
    }
    std::size_t packets(const std::function<void()>& what) {
        const std::size_t before = radio_->sent.size();
        what();
        return radio_->sent.size() - before;
    }
    static Outcome sent() {
        return {Outcome::Kind::Sent, ProofClass::Reported, "250", "ok", {}, {}};
    }
    static Outcome delivered() {
        return {Outcome::Kind::Delivered, ProofClass::Reported, "routing 0", "", {}, {}};
    }
};

TEST(AlarmRepeats, AreDenseAtFirstAndEndAfterADay) {
    std::vector<int> at;
    for (milliseconds passed{0};;) {
        passed = next_repeat(passed);
        if (passed.count() == 0) break;
        at.push_back(static_cast<int>(std::chrono::duration_cast<minutes>(passed).count()));
    }
    ASSERT_EQ(at.size(), 52u);
    EXPECT_EQ((std::vector<int>(at.begin(), at.begin() + 7)),
              (std::vector<int>{1, 2, 5, 15, 30, 60, 90}));
    EXPECT_EQ(at.back(), 24 * 60);
    EXPECT_EQ(next_repeat(minutes(3)), minutes(5)) << "a box that was busy skips, never doubles";
}

TEST_F(Alarm, IsRepeatedUntilAResponderHasIt) {
    sealed(kAna, "SOS car in the ford");
    const auto each_minute = [&](int most) {
        std::vector<int> at;
        for (int minute = 1; minute <= most; ++minute) {
            const Lines lines = news(kBen, [&] { pass(minutes(1)); });
            if (lines.empty()) continue;
            EXPECT_EQ(lines, (Lines{"ALARM 1 ana: car in the ford"}));
            at.push_back(minute);
        }
        return at;
    };
    EXPECT_THAT(each_minute(61), ElementsAre(1, 2, 5, 15, 30, 60));
    EXPECT_EQ(sealed(kBen, "*1 coming").size(), 1u);
    EXPECT_THAT(each_minute(120), IsEmpty());
}

TEST_F(Alarm, EndsByItselfAfterADay) {
    sealed(kAna, "SOS car in the ford");
    for (int i = 0; i < 48; ++i) pass(minutes(30));
    EXPECT_THAT(news(kBen,
                     [&] {
                         for (int i = 0; i < 8; ++i) pass(minutes(30));
                     }),
                IsEmpty());
    EXPECT_EQ(open_alarms(*office_)->size(), 1u) << "nobody closed it";
    EXPECT_EQ(sealed(kAna, "SOS again"), (Lines{"ALARM 2: 2 people of hill told. NOT police"}));
}

TEST_F(Alarm, IsRepeatedNeitherTwiceNorLessAfterARestart) {
    sealed(kAna, "SOS car in the ford");
    clock_.advance(minutes(1));
    const Lines lines = news(kBen, [&] {
        office_->keep_house();
        office_->keep_house();  // both find it due, one repeats it
        settle();
    });
    EXPECT_EQ(lines.size(), 1u);
    clock_.advance(seconds(59));
    close();
    open();
    EXPECT_THAT(news(kBen, [&] { pass(milliseconds(0)); }), IsEmpty());
    EXPECT_EQ(news(kBen, [&] { pass(seconds(1)); }).size(), 1u);
    clock_.jump_wall(hours(24 * 400));
    EXPECT_THAT(news(kBen, [&] { pass(seconds(1)); }), IsEmpty()) << "a clock that jumps";
    EXPECT_EQ(news(kBen, [&] { pass(minutes(3)); }).size(), 1u);
}

// Killed between the commit and the first byte: who is to be told is on record.
TEST_F(Alarm, IsToldAfterAKillThatCameFirst) {
    radio_->up = false;
    sealed(kAna, "SOS car in the ford");
    close();
    radio_->up = true;
    open();
    EXPECT_EQ(news(kBen, [&] { settle(); }), (Lines{"ALARM 1 ana: car in the ford"}));
    EXPECT_THAT(radio_->sent, ::testing::SizeIs(3)) << "two responders and the answer";
}

TEST_F(Alarm, WhatIsStillUnderWayIsTriedAgainInsteadOfTwice) {
    const Outcome retry{Outcome::Kind::Retry, ProofClass::Reported, "routing 5", "", {}, {}};
    radio_->outcomes = {sent(), retry, retry};  // the answer goes first
    sealed(kAna, "SOS car in the ford");
    EXPECT_EQ(news(kBen, [&] { pass(minutes(1)); }).size(), 1u);
    const auto rows =
        store_->read([](store::Tables& t) { return t.deliveries.of_message(1); }).value();
    EXPECT_EQ(rows.size(), 2u);
}

TEST_F(Alarm, GoesToEveryRadioAndAccountAndAMailWakesNobody) {
    bind("ben", {"meshtastic", "!000000b2"});
    bind("carl", *parse_address("mailto:carl@example.net"));
    EXPECT_EQ(sealed(kAna, "SOS fire"), (Lines{"ALARM 1: 2 people of hill told. NOT police"}));
    EXPECT_EQ(all_shown("!000000b2"), (Lines{"ALARM 1 ana: fire"}));
    ASSERT_EQ(relay_->sent.size(), 1u);
    EXPECT_EQ(relay_->sent[0].to.value, "carl@example.net");
    EXPECT_EQ(relay_->sent[0].subject, "ALARM ana");
    EXPECT_THAT(relay_->sent[0].text, MatchesRegex("ALARM 1 ana: fire\n\n.*a mail wakes nobody.*"));
    pass(minutes(1));
    EXPECT_EQ(relay_->sent.size(), 1u) << "once is enough";
}

TEST_F(Alarm, FailsInSilenceSinceItGoesOn) {
    bind("carl", *parse_address("mailto:carl@example.net"));
    relay_->outcomes = {
        {Outcome::Kind::Failed, ProofClass::Reported, "550 5.1.1", "no such address", {}, {}}};
    EXPECT_EQ(sealed(kAna, "SOS fire").size(), 1u);
}

TEST_F(Alarm, EachReadsTheWordsAroundItInHisLanguage) {
    speaks("ben", "es");
    speaks("ana", "sw");
    EXPECT_THAT(sealed(kAna, "SOS moto mkubwa"), ElementsAre(HasSubstr("DHARURA 1: watu 2")));
    EXPECT_EQ(all_shown(kBen), (Lines{"ALARMA 1 ana: moto mkubwa"}));
    EXPECT_EQ(all_shown(kCarl), (Lines{"ALARM 1 ana: moto mkubwa"}));
    EXPECT_THAT(news(kBen, [&] { sealed(kCarl, "*1 coming"); }),
                ElementsAre(MatchesRegex("ALARMA 1: carl a las ..:..: coming")));
}

TEST_F(Alarm, SaysWhereItsCallerIsAndHowOldThatIs) {
    Heard heard;
    heard.place = Place{52.12344, 13.5678, 0, 0};
    hear(kAna, heard);
    pass(minutes(5));
    sealed(kAna, "SOS car in the ford");
    EXPECT_EQ(all_shown(kBen), (Lines{"ALARM 1 ana: car in the ford @52.1234,13.5678 5m ago"}));
    // A repeat knows what was heard since.
    heard.place = Place{-52.9, 13.0, 2900, to_ms(clock_.wall()) / 1000 - 60};
    office_->heard("meshtastic.roof", {"meshtastic", kAna}, heard);
    EXPECT_EQ(news(kBen, [&] { pass(minutes(1)); }),
              (Lines{"ALARM 1 ana: car in the ford @-52.90,13.00 ~2km 2m ago"}));
    const std::string longest(200, 'x');
    const Lines more = news(kBen, [&] { sealed(kAna, "SOS " + longest); });
    ASSERT_EQ(more.size(), 1u);
    EXPECT_LE(more[0].size(), 130u);
    EXPECT_THAT(more[0], HasSubstr("~2km 2m ago"));
}

TEST_F(Alarm, APlaceIsKeptForADayAndNeverFromTheFuture) {
    const auto place = [&](std::int64_t at) {
        Heard heard;
        heard.place = Place{1, 2, 0, at};
        hear(kAna, heard);
        return store_->read([](store::Tables& t) {
                         return t.places.find({"meshtastic", kAna});
                     })
            .value();
    };
    const std::int64_t now = to_ms(clock_.wall()) / 1000;
    EXPECT_FALSE(place(now - 25 * 3600));
    EXPECT_EQ(place(now + 3600)->at_ms, now * 1000);
    pass(hours(25));
    pass(hours(1));
    EXPECT_FALSE(store_->read([](store::Tables& t) {
                           return t.places.find({"meshtastic", kAna});
                       })
                     .value());
}

TEST_F(Alarm, ItsCallerLearnsWhoHasItAndTheOthersDoOnce) {
    sealed(kAna, "SOS car in the ford");
    const std::size_t before = radio_->sent.size();
    EXPECT_EQ(sealed(kCarl, "*1 coming with a rope"),
              (Lines{"ALARM 1: ana is told that you have it. -1 closes it"}));
    for (const char* radio : {kAna, kBen}) {
        EXPECT_THAT(all_shown(radio, before),
                    ElementsAre(MatchesRegex("ALARM 1: carl at ..:..: coming with a rope")));
    }
    EXPECT_THAT(news(kBen, [&] { sealed(kCarl, "@+1"); }), IsEmpty());
    EXPECT_THAT(news(kAna, [&] { sealed(kBen, "@+1"); }),
                ElementsAre(MatchesRegex("ALARM 1: ben has it, ..:..")));
    EXPECT_EQ(open_alarms(*office_)->at(0).alarm.acknowledged_by, "carl ben");
}

TEST_F(Alarm, WhatNobodyClosesWithinADayIsListedApart) {
    sealed(kAna, "SOS car in the ford");
    sealed(kCarl, "@+1");
    pass(hours(23));
    EXPECT_EQ(open_alarms(*office_)->size(), 1u);
    const auto lines = news(kCarl, [&] { pass(hours(2)); });
    EXPECT_EQ(lines, (Lines{"ALARM 1 of ana: a day without being closed. -1 closes it"}));
    EXPECT_TRUE(open_alarms(*office_)->empty());
    const auto left = alarms_not_closed(*office_);
    ASSERT_EQ(left->size(), 1u);
    EXPECT_STREQ(to_string(left->at(0).alarm.state), "acknowledged, not closed");
    EXPECT_THAT(events_of(left->at(0).alarm.message),
                ::testing::Contains("acknowledged, not closed"));
    EXPECT_THAT(news(kCarl, [&] { pass(hours(48)); }), IsEmpty()) << "once";
    EXPECT_THAT(sealed(kCarl, "?1").front(), HasSubstr("carl has it")) << "it is not over";
    sealed(kCarl, "-1");
    sealed(kCarl, "1");
    EXPECT_TRUE(alarms_not_closed(*office_)->empty());
    EXPECT_EQ(all_alarms(*office_)->at(0).alarm.state, store::AlarmState::Closed);
}

TEST_F(Alarm, WhoHadItLastIsAsked) {
    sealed(kAna, "SOS car in the ford");
    sealed(kCarl, "@+1");
    sealed(kBen, "@+1");
    sealed(kCarl, "@+1");
    const auto alarm = open_alarms(*office_)->at(0).alarm;
    EXPECT_EQ(alarm.acknowledged_by, "ben carl");
    ASSERT_TRUE(ask([&](Desk& desk) {
                    return acknowledge_alarm(desk.office(), alarm.id, "on its way");
                }).ok());
    Lines lines;
    EXPECT_THAT(news(kBen, [&] { lines = news(kCarl, [&] { pass(hours(25)); }); }), IsEmpty());
    EXPECT_EQ(lines, (Lines{"ALARM 1 of ana: a day without being closed. -1 closes it"}))
        << "the console cannot be asked, so who had it before is";
}

TEST_F(Alarm, WhoTakesItUpAgainOrCallsAgainHasADayMore) {
    sealed(kAna, "SOS car in the ford");
    sealed(kCarl, "@+1");
    pass(hours(20));
    sealed(kBen, "@+1");
    pass(hours(20));
    EXPECT_EQ(open_alarms(*office_)->size(), 1u);
    pass(hours(5));
    EXPECT_TRUE(open_alarms(*office_)->empty());
    sealed(kBen, "@+1");
    EXPECT_EQ(open_alarms(*office_)->size(), 1u);
    pass(hours(25));
    sealed(kAna, "SOS again");
    ASSERT_EQ(open_alarms(*office_)->size(), 1u) << "what is a day old takes no new call";
    EXPECT_EQ(open_alarms(*office_)->at(0).alarm.state, store::AlarmState::Open);
}

TEST_F(Alarm, ALongAnswerComesWholeAsALetterToo) {
    sealed(kAna, "SOS car in the ford");
    const std::string words(120, 'w');
    const Lines lines = news(kAna, [&] { sealed(kCarl, "*1 " + words); });
    ASSERT_EQ(lines.size(), 2u);
    EXPECT_LE(lines[0].size(), 130u);
    EXPECT_EQ(lines[1], "2 carl: " + words);
}

TEST_F(Alarm, OnlyAResponderEndsItAndOnlyByHisOwnKey) {
    sealed(kAna, "SOS car in the ford");
    EXPECT_THAT(sealed(kAna, "-1"), ElementsAre(HasSubstr("only a responder closes it")));
    EXPECT_EQ(news(kBen, [&] { pass(minutes(1)); }).size(), 1u);
    Heard heard;
    heard.public_key = std::string(64, 'c');
    hear(kCarl, heard);
    dm(kCarl, "@+1");
    dm(kCarl, "-1");
    dm(kCarl, "1");
    EXPECT_EQ(open_alarms(*office_)->at(0).alarm.state, store::AlarmState::Open);
    EXPECT_THAT(sealed(kCarl, "-1"), ElementsAre("Close ALARM 1 of ana? 1 = yes"));
    EXPECT_THAT(sealed(kCarl, "0"), ElementsAre("OK, nothing done"));
    EXPECT_EQ(open_alarms(*office_)->size(), 1u);
    sealed(kCarl, "-1");
    EXPECT_THAT(news(kAna, [&] { sealed(kCarl, "1"); }),
                ElementsAre(MatchesRegex("ALARM 1: closed by carl, ..:..")));
    EXPECT_EQ(open_alarms(*office_)->size(), 0u);
    EXPECT_EQ(all_alarms(*office_)->at(0).alarm.closed_by, "carl");
    EXPECT_THAT(news(kBen, [&] { pass(hours(2)); }), IsEmpty());
    EXPECT_EQ(sealed(kAna, "SOS again"), (Lines{"ALARM 2: 2 people of hill told. NOT police"}));
}

// Whoever says that all is well may be made to: it is repeated until a responder has it.
TEST_F(Alarm, AllClearIsSaidAndStopsNothing) {
    sealed(kAna, "SOS car in the ford");
    EXPECT_EQ(news(kBen, [&] { sealed(kAna, "SOS OK"); }), (Lines{"ALARM 1: ALL CLEAR, says ana"}));
    EXPECT_EQ(news(kBen, [&] { pass(minutes(1)); }),
              (Lines{"ALARM 1, ALL CLEAR says ana: car in the ford"}));
    EXPECT_EQ(sealed(kAna, "SOS OK"), (Lines{"You have no open alarm"}));
}

TEST_F(Alarm, WhoIsNotHeardInTwoMinutesIsToldOnce) {
    sealed(kAna, "SOS car in the ford");
    EXPECT_THAT(news(kAna, [&] { pass(minutes(1)); }), IsEmpty());
    EXPECT_EQ(news(kAna, [&] { pass(minutes(1)); }),
              (Lines{"ALARM 1: nobody has it yet. Get help another way"}));
    EXPECT_THAT(news(kAna, [&] { pass(minutes(30)); }), IsEmpty());
    sealed(kCarl, "@+1");
    sealed(kCarl, "-1");
    sealed(kCarl, "1");
    radio_->outcomes = {sent(), delivered()};
    sealed(kAna, "SOS again");
    EXPECT_THAT(news(kAna, [&] { pass(minutes(3)); }), IsEmpty()) << "one radio has it";
    EXPECT_EQ(sealed(kAna, "?2"), (Lines{"ALARM 2: 2 told, on the radio of ben. No answer yet"}));
}

TEST_F(Alarm, WhomNobodyCouldBeToldOfIsToldAsSoonAsSomebodyIs) {
    change([](store::Tables& t) {
        t.people.remove_person("ben");
        t.people.remove_person("carl");
    });
    EXPECT_THAT(sealed(kAna, "SOS fire"), ElementsAre(HasSubstr("NOBODY told")));
    EXPECT_THAT(news(kAna, [&] { pass(minutes(3)); }), IsEmpty());
    name("ben", kBen);
    EXPECT_EQ(news(kAna, [&] { pass(minutes(2)); }),
              (Lines{"ALARM 1: 1 person of hill told. NOT police"}));
}

TEST_F(Alarm, AStormFromAHundredForgedNumbersIsAFewPackets) {
    const std::size_t first = packets([&] { dm(kDora, "SOS fire"); });
    EXPECT_EQ(first, 3u) << "two responders and the answer";
    std::size_t answers = 0;
    const std::size_t storm = packets([&] {
        for (int i = 0; i < 100; ++i) {
            const std::string radio = "!000001" + std::to_string(10 + i % 90);
            answers += dm(i < 90 ? radio : "!00000200" + std::to_string(i - 90), "SOS x").size();
        }
    });
    EXPECT_EQ(answers, 100u) << "each caller is answered";
    EXPECT_EQ(storm, 100u + 5 * 2) << "five more are told by name, the rest is counted";
    EXPECT_EQ(open_alarms(*office_)->size(), 1u);
    EXPECT_EQ(open_alarms(*office_)->at(0).callers, 101);
    const Lines lines = news(kBen, [&] { pass(minutes(1)); });
    EXPECT_EQ(lines, (Lines{"ALARM 1 !0000000d: fire +100 others"}));
    EXPECT_LE(packets([&] { sealed(kCarl, "@+1"); }), 1u + 1 + 6) << "not all hundred are told";
}

TEST_F(Alarm, AStormFromOneRadioIsAFewPackets) {
    const std::size_t unproven = packets([&] {
        for (int i = 0; i < 50; ++i) {
            dm(kDora, "SOS " + std::to_string(i));
            clock_.advance(seconds(1));
        }
    });
    EXPECT_LE(unproven, 3u + 1) << "told once, answered at once and after half a minute";
    const std::size_t proven = packets([&] {
        for (int i = 0; i < 50; ++i) {
            sealed(kAna, "SOS " + std::to_string(i));
            sealed(kAna, "SOS OK");
            clock_.advance(seconds(1));
        }
    });
    EXPECT_LE(proven, 100u + 3 * 2 + 4 * 5 * 2) << "100 answers at most; the rest to responders";
    EXPECT_LE(open_alarms(*office_)->size(), 4u);
}

TEST_F(Alarm, OneWhoProvesWhoHeIsHasHisOwnBesideTheOthers) {
    dm(kDora, "SOS fire");
    EXPECT_EQ(sealed(kAna, "SOS flood"), (Lines{"ALARM 1: 2 people of hill told. NOT police"}));
    EXPECT_EQ(open_alarms(*office_)->size(), 2u);
    EXPECT_EQ(dm1("!0000000e", "SOS smoke"),
              "ALARM 1: told this too. NOT police. You write as "
              "0000000e@hill.example. name ana keeps it.");
    EXPECT_EQ(open_alarms(*office_)->size(), 2u);
    pass(minutes(11));
    dm("!0000000f", "SOS flood");
    EXPECT_EQ(open_alarms(*office_)->size(), 3u);
}

TEST_F(Alarm, OneOfSeveralCannotClearItForAll) {
    dm(kDora, "SOS fire");
    dm("!0000000e", "SOS smoke");
    EXPECT_EQ(news(kBen, [&] { dm(kDora, "SOS OK"); }),
              (Lines{"ALARM 1: ALL CLEAR, says !0000000d"}));
    EXPECT_EQ(news(kBen, [&] { pass(minutes(1)); }), (Lines{"ALARM 1 !0000000d: fire +1 others"}));
}

TEST_F(Alarm, WhatWasAskedIsToldByItselfAlsoAfterARestart) {
    EXPECT_EQ(dm1(kAna, "112"), "SOS? 1 = now, 0 = no. Told in 30 s");
    EXPECT_EQ(open_alarms(*office_)->at(0).alarm.state, store::AlarmState::Asked);
    close();
    open();
    EXPECT_EQ(news(kAna, [&] { pass(seconds(30)); }),
              (Lines{"ALARM 1: 2 people of hill told. NOT police"}));
    EXPECT_EQ(dm1(kAna, "0"), "Too late, ALARM 1 is told. SOS OK = all clear");
    EXPECT_EQ(all_shown(kBen), (Lines{"ALARM 1 ana: 112"}));
}

TEST_F(Alarm, TheOperatorAnswersAndClosesFromTheDesk) {
    sealed(kAna, "SOS car in the ford");
    const Lines lines = news(kAna, [&] {
        EXPECT_TRUE(ask([](Desk& d) {
                        return acknowledge_alarm(d.office(), 1, "the ferry is coming");
                    }).ok());
    });
    EXPECT_THAT(lines,
                ElementsAre(MatchesRegex("ALARM 1: operator at ..:..: the ferry is coming")));
    EXPECT_TRUE(ask([](Desk& d) { return close_alarm(d.office(), 1); }).ok());
    EXPECT_EQ(ask([](Desk& d) { return close_alarm(d.office(), 1); }).error().code, Code::Conflict);
    EXPECT_EQ(ask([](Desk& d) { return close_alarm(d.office(), 9); }).error().code, Code::NotFound);
}

}  // namespace
}  // namespace waypost
