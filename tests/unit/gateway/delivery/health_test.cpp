// SPDX-License-Identifier: Apache-2.0
// What operators are told of the box itself.
#include <gmock/gmock.h>
#include <sqlite3.h>

#include "gateway/delivery/health_watch.h"
#include "village.h"

namespace waypost {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using Lines = std::vector<std::string>;

constexpr hours kDay{24};

class HealthTest : public Village {
  protected:
    HealthTest() {
        name("carl", kCarl);
        change([](store::Tables& t) {
            t.people.put_endpoint({{"mailto", "carl@x.org"}, "carl", "", "", "", 1, ""});
        });
        watch();
    }
    void watch() {
        HealthSources sources;
        sources.settings_problem = [this] { return settings_problem_; };
        sources.pulled_out = [this] { return pulled_out_; };
        sources.certificate_ends_ms = [this] { return certificate_ends_ms_; };
        watch_ = std::make_shared<HealthWatch>(*office_, sources);
        office_->on_house([watch = watch_] { return watch->look(); });
        pass(minutes(1));
    }
    void restart() {
        watch_.reset();
        close();
        open();
        watch();
    }
    void set(const std::function<void(HealthSettings&)>& change) {
        BoxSettings next = *box_->settings;
        change(next.health);
        ASSERT_TRUE(box_->settings.put(next));
    }
    // From beside the gateway, as a broken disk is.
    void sql(const std::string& statement) {
        sqlite3* db = nullptr;
        ASSERT_EQ(sqlite3_open((folder_ + "/s.db").c_str(), &db), SQLITE_OK);
        EXPECT_EQ(sqlite3_exec(db, statement.c_str(), nullptr, nullptr, nullptr), SQLITE_OK)
            << sqlite3_errmsg(db);
        sqlite3_close(db);
    }
    // What Carl reads meanwhile, on his radio and as mails.
    Lines radio(milliseconds time) {
        return news(kCarl, [&] { pass(time); });
    }
    Lines mails(milliseconds time) {
        const std::size_t before = relay_->sent.size();
        pass(time);
        Lines subjects;
        for (std::size_t i = before; i < relay_->sent.size(); ++i)
            subjects.push_back(relay_->sent[i].subject);
        return subjects;
    }
    Lines matters() {
        pass(std::chrono::seconds(2));
        Lines names;
        for (const HealthMatter& each : watch_->report().matters)
            names.push_back(std::string(to_string(each.trouble)) + ' ' + each.of);
        return names;
    }
    std::size_t stored_messages() {
        std::size_t count = 0;
        (void)store_->read([&](store::Tables& t) {
            while (t.messages.find(static_cast<MessageId>(count + 1))) ++count;
            return 0;
        });
        return count;
    }

    std::string settings_problem_;
    std::optional<store::Ms> certificate_ends_ms_;
    std::set<TransportId> pulled_out_;
    std::shared_ptr<HealthWatch> watch_;
};

TEST_F(HealthTest, ATransportThatIsDownIsToldOnceAndOnceMoreWhenItIsOver) {
    relay_->up = false;
    EXPECT_THAT(radio(minutes(1)), IsEmpty());
    EXPECT_THAT(radio(minutes(29)), IsEmpty());
    EXPECT_THAT(matters(), IsEmpty());
    EXPECT_THAT(radio(minutes(1)), ElementsAre("Box: email does not work, for 30m"));
    EXPECT_THAT(matters(), ElementsAre("way email"));
    EXPECT_THAT(radio(hours(5)), IsEmpty());
    relay_->up = true;
    EXPECT_THAT(radio(minutes(1)), ElementsAre("Box: over after 5h: email does not work"));
    EXPECT_THAT(matters(), IsEmpty());
    EXPECT_THAT(radio(2 * kDay), IsEmpty());
    EXPECT_THAT(radio(2 * kDay), IsEmpty());
}

TEST_F(HealthTest, WhoHasBothIsToldByRadioAndByMail) {
    settings_problem_ = "[box] place: it is no place";
    const std::size_t before = relay_->sent.size();
    EXPECT_THAT(radio(minutes(1)), ElementsAre("Box: the new settings are not used"));
    ASSERT_EQ(relay_->sent.size(), before + 1);
    const Delivery& mail = relay_->sent.back();
    EXPECT_EQ(mail.to.value, "carl@x.org");
    EXPECT_EQ(mail.subject, "hill: the new settings are not used");
    EXPECT_THAT(mail.text, HasSubstr("Box: the new settings are not used\n(" + settings_problem_));
    EXPECT_THAT(mail.text, HasSubstr("under Health"));
    EXPECT_TRUE(mail.automatic);
    EXPECT_TRUE(mail.return_path.empty()) << "nothing of it comes back";
    EXPECT_EQ(mail.priority, Priority::Normal);
    settings_problem_.clear();
    EXPECT_THAT(mails(minutes(5)), ElementsAre("hill: over: the new settings are not used"));
}

TEST_F(HealthTest, ARestartTellsNothingAgainAndStillTellsThatItIsOver) {
    relay_->up = false;
    pass(minutes(1));
    restart();
    EXPECT_THAT(radio(minutes(29)), ElementsAre("Box: email does not work, for 30m"))
        << "it lasts since before";
    restart();
    EXPECT_THAT(radio(hours(1)), IsEmpty());
    restart();
    relay_->up = true;
    EXPECT_THAT(radio(minutes(1)), ElementsAre(HasSubstr("over after 1h: email")));
    restart();
    EXPECT_THAT(radio(minutes(1)), IsEmpty());
}

TEST_F(HealthTest, WhatLastsIsToldOnceADayAndWhatFlapsToo) {
    relay_->up = false;
    pass(minutes(1));
    EXPECT_EQ(radio(minutes(30)).size(), 1u);
    EXPECT_THAT(radio(hours(23)), IsEmpty());
    EXPECT_THAT(radio(hours(1)), ElementsAre("Box: email does not work, for 24h"));
    relay_->up = true;
    EXPECT_EQ(radio(minutes(1)).size(), 1u) << "over";
    for (int i = 0; i < 10; ++i) {
        relay_->up = false;
        EXPECT_THAT(radio(minutes(1)), IsEmpty());
        EXPECT_THAT(radio(minutes(40)), IsEmpty()) << "told within a day";
        relay_->up = true;
        EXPECT_THAT(radio(minutes(1)), IsEmpty()) << "its beginning was not told";
    }
    relay_->up = false;
    pass(minutes(1));
    EXPECT_EQ(radio(kDay).size(), 1u);
}

TEST_F(HealthTest, ALineThatNeverLeftIsCalledBackWhenItIsOver) {
    radio_->up = false;
    pass(minutes(1));
    EXPECT_THAT(mails(minutes(30)), ElementsAre("hill: meshtastic.roof does not work"));
    radio_->up = true;
    EXPECT_THAT(radio(minutes(1)),
                ElementsAre("Box: over after 31m: meshtastic.roof does not work"));
    EXPECT_EQ(mails(minutes(1)).size(), 0u);
}

TEST_F(HealthTest, AnAlertThatReachesNobodyMakesNoOther) {
    radio_->up = false;
    relay_->up = false;
    pass(minutes(1));
    pass(minutes(30));
    const std::size_t before = stored_messages();
    EXPECT_EQ(before, 4u) << "of two matters, to two ends";
    for (int i = 0; i < 20; ++i) pass(hours(1));
    EXPECT_EQ(stored_messages(), before);
    relay_->up = radio_->up = true;
    relay_->outcomes = {{Outcome::Kind::Failed, ProofClass::Reported, "550", "no", {}, {}},
                        {Outcome::Kind::Failed, ProofClass::Reported, "550", "no", {}, {}}};
    pass(minutes(1));
    pass(hours(1));
    EXPECT_EQ(stored_messages(), before + 4) << "over, and nothing of what failed";
    EXPECT_EQ(watch_->report().health, Health::Ok);
}

TEST_F(HealthTest, NothingGoesOutIsDown) {
    EXPECT_EQ(watch_->report().health, Health::Ok);
    relay_->up = false;
    pass(minutes(1));
    pass(minutes(30));
    EXPECT_EQ(watch_->report().health, Health::Degraded);
    radio_->up = false;
    pass(minutes(1));
    pass(minutes(30));
    EXPECT_EQ(watch_->report().health, Health::Down);
}

TEST_F(HealthTest, WhatTheSettingsLeaveOutEndsWithoutAWord) {
    relay_->up = false;
    pass(minutes(1));
    EXPECT_EQ(radio(minutes(30)).size(), 1u);
    set([](HealthSettings& s) { s.may_be_down = {"email"}; });
    EXPECT_THAT(radio(minutes(1)), IsEmpty());
    EXPECT_THAT(matters(), IsEmpty());
    set([](HealthSettings& s) { s.off = {Trouble::Settings}; });
    settings_problem_ = "wrong";
    EXPECT_THAT(radio(minutes(31)), IsEmpty());
    EXPECT_THAT(matters(), IsEmpty());
}

TEST_F(HealthTest, ADeviceThatWasPulledOutIsDown) {
    office_->transports().unplug("email");
    pulled_out_ = {"email"};
    pass(minutes(1));
    EXPECT_EQ(radio(minutes(30)), (Lines{"Box: email does not work, for 30m"}));
    EXPECT_THAT(watch_->report().matters.at(0).detail, HasSubstr("plugged in"));
    office_->transports().add(relay_);
    pulled_out_.clear();
    EXPECT_THAT(radio(minutes(1)), ElementsAre(HasSubstr("over after")));
}

TEST_F(HealthTest, WhatTheSettingsHaveNoMoreIsNotDown) {
    office_->transports().unplug("email");
    EXPECT_THAT(radio(hours(1)), IsEmpty());
    EXPECT_THAT(radio(hours(1)), IsEmpty());
    EXPECT_THAT(matters(), IsEmpty());
}

TEST_F(HealthTest, LettersThatWaitThoughTheirNetworkWorksAreTold) {
    name("ana", kAna);
    relay_->turn_away = true;
    dm(kAna, "bob@x.org The well is dry");
    pass(hours(20));
    EXPECT_THAT(matters(), IsEmpty());
    EXPECT_THAT(radio(hours(5)), ElementsAre("Box: letters do not leave by email, for 25h"));
    relay_->turn_away = false;
    EXPECT_THAT(radio(minutes(20)), IsEmpty());
    EXPECT_THAT(radio(minutes(1)),
                ElementsAre(HasSubstr("over after 25h: letters do not leave by email")));
}

TEST_F(HealthTest, ARadioThatIsOffMakesNobodyLookAfterTheBox) {
    name("ana", kAna);
    name("ben", kBen);
    radio_->outcomes.assign(
        500, {Outcome::Kind::Retry, ProofClass::Observed, "no-ack", "not heard", {}, {}});
    radio_->outcomes.push_front({Outcome::Kind::Sent, ProofClass::Reported, "", "", {}, {}});
    dm(kAna, "@ben hello");
    pass(hours(30));
    EXPECT_THAT(matters(), IsEmpty());
}

TEST_F(HealthTest, ABackupThatIsOldIsToldUntilThereIsANewOne) {
    pass(40 * kDay);
    EXPECT_THAT(matters(), IsEmpty()) << "nobody makes any here";
    ASSERT_TRUE(ask([&](Desk& desk) { return desk.backup(folder_ + "/one"); }).ok());
    EXPECT_THAT(radio(29 * kDay), IsEmpty());
    EXPECT_THAT(radio(kDay), ElementsAre("Box: there is no new backup, for 30d"));
    ASSERT_FALSE(ask([&](Desk& desk) { return desk.backup("/proc/none/here"); }).ok());
    pass(minutes(1));
    EXPECT_FALSE(watch_->report().matters.at(0).detail.empty());
    ASSERT_TRUE(ask([&](Desk& desk) { return desk.backup(folder_ + "/two"); }).ok());
    EXPECT_THAT(radio(minutes(1)), ElementsAre(HasSubstr("over after 30d")));
}

TEST_F(HealthTest, WhileTheClockIsDoubtedNothingIsSaidThatNeedsIt) {
    certificate_ends_ms_ = to_ms(clock_.wall()) + milliseconds(kDay).count();
    EXPECT_THAT(radio(minutes(1)), ElementsAre("Box: the certificate ends soon"));
    clock_.jump_wall(-100 * kDay);
    EXPECT_THAT(radio(minutes(1)), IsEmpty()) << "not over: nobody knows";
    EXPECT_THAT(radio(minutes(31)), ElementsAre("Box: not sure of the time, for 31m"));
    clock_.jump_wall(100 * kDay);
    clock_.synchronise(true);
    certificate_ends_ms_ = to_ms(clock_.wall()) + milliseconds(60 * kDay).count();
    EXPECT_THAT(radio(minutes(1)), ElementsAre(HasSubstr("the certificate ends soon"),
                                               HasSubstr("not sure of the time")));
}

TEST_F(HealthTest, AFullDiskIsDown) {
    EXPECT_THAT(matters(), IsEmpty());
    settings_.keep_free_bytes = ~std::uint64_t{0};
    restart();
    EXPECT_EQ(watch_->report().health, Health::Down);
    EXPECT_THAT(matters(), ElementsAre("disk "));
    EXPECT_EQ(last(kCarl), "Box: the disk is full, nothing new is kept")
        << "what the box says itself is kept";
}

TEST_F(HealthTest, AStoreThatCannotWriteIsToldWhenItCanAgain) {
    sql("CREATE TRIGGER worn BEFORE INSERT ON state BEGIN SELECT RAISE(ABORT, 'worn out'); END");
    pass(minutes(1));
    EXPECT_THAT(radio(minutes(1)), IsEmpty());
    EXPECT_THAT(matters(), ElementsAre("store "));
    EXPECT_EQ(watch_->report().health, Health::Down);
    pass(minutes(9));
    sql("DROP TRIGGER worn");
    pass(minutes(1));  // it writes again
    EXPECT_THAT(radio(minutes(1)), ElementsAre("Box: over after 11m: the disk cannot be written"));
    EXPECT_EQ(watch_->report().health, Health::Ok);
}

TEST_F(HealthTest, WhoIsToldIsSaidAndHearsItInHisLanguage) {
    change([](store::Tables& t) {
        t.people.put_person({"hira", "", "hi", "operator", true, false, 0});
        t.people.put_endpoint({{"meshtastic", kDora}, "hira", "", "", "", 1, ""});
    });
    const auto told = watch_->told();
    ASSERT_TRUE(told.ok());
    ASSERT_EQ(told->size(), 2u);
    EXPECT_TRUE(told->at(0).by_radio && told->at(0).by_mail);
    EXPECT_TRUE(told->at(1).by_radio && !told->at(1).by_mail);
    settings_problem_ = "wrong";
    EXPECT_EQ(news(kDora, [&] { pass(minutes(1)); }), (Lines{"डिब्बा: नई सेटिंग लागू नहीं"}));
}

TEST_F(HealthTest, SomebodyOutsideAndWhoHasNothingMayBeNamed) {
    set([](HealthSettings& s) { s.to = {"bob@y.org", "nobody", "carl@hill.example"}; });
    const auto told = watch_->told();
    ASSERT_EQ(told->size(), 3u);
    EXPECT_TRUE(told->at(0).by_mail);
    EXPECT_FALSE(told->at(1).by_mail || told->at(1).by_radio);
    EXPECT_TRUE(told->at(2).by_radio && told->at(2).by_mail) << "Carl, who lives here";
    settings_problem_ = "wrong";
    relay_->outcomes = {{Outcome::Kind::Failed, ProofClass::Reported, "550", "no", {}, {}}};
    const std::size_t before = stored_messages();
    EXPECT_EQ(mails(minutes(1)).size(), 2u);
    EXPECT_EQ(stored_messages(), before + 3);
}

}  // namespace
}  // namespace waypost
