// SPDX-License-Identifier: Apache-2.0
// Alarms that all the world may read, where the village chose so.
#include "gateway/custody/alarm_post.h"

#include <gmock/gmock.h>

#include "gateway/custody/alarm_text.h"
#include "gateway/delivery/desk_alarms.h"
#include "readers_village.h"

namespace waypost {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using Lines = std::vector<std::string>;

class AlarmPost : public ReadersVillage {
  protected:
    AlarmPost() {
        settings_.responders = {"ben", "carl"};
        settings_.publish_alarms = kPublishAsBox;
        begin_again();
    }
    void published_by(const std::string& whom) {
        settings_.publish_alarms = whom;
        begin_again();
    }
    Lines posts() const {
        Lines all;
        for (const Delivery& d : world_->sent) all.push_back(d.text);
        return all;
    }
    // How the first alarm's time is written.
    std::string time() {
        const auto alarms = all_alarms(*office_);
        const store::Ms opened = alarms->front().alarm.opened_ms;
        return clock_time(opened, to_ms(clock_.wall()));
    }
    void ben_closes() {
        sealed(kBen, "-1");
        sealed(kBen, "1");
    }
    std::string why_not() {
        const auto row = all_alarms(*office_)->front().alarm;
        const auto events =
            *store_->read([&](store::Tables& t) { return t.events.of_message(row.message); });
        for (const store::EventRow& event : events)
            if (event.kind == "not published") return event.detail;
        return {};
    }
};

TEST_F(AlarmPost, WithoutTheSettingNobodyOutsideHearsOfOne) {
    published_by("");
    sealed(kAna, "SOS fire at the mill");
    sealed(kBen, "*1 coming");
    sealed(kAna, "SOS OK");
    ben_closes();
    EXPECT_THAT(posts(), IsEmpty());
    EXPECT_EQ(all_alarms(*office_)->front().alarm.state, store::AlarmState::Closed);
}

TEST_F(AlarmPost, WhatBecomesOfItAnswersTheFirst) {
    sealed(kAna, "SOS fire at the mill");
    ASSERT_THAT(posts(), ElementsAre("Alarm in hill, " + time() + ": fire at the mill"));
    const Delivery first = world_->sent[0];
    EXPECT_EQ(first.to.uri(), "acct:public@hill.example");
    EXPECT_EQ(first.priority, Priority::Normal);
    EXPECT_EQ(first.from.value, "postmaster@hill.example");
    EXPECT_EQ(first.author, "");
    EXPECT_THAT(first.references, IsEmpty());
    sealed(kBen, "*1 coming");
    sealed(kCarl, "*1 me too");
    sealed(kAna, "SOS OK");
    ben_closes();
    ASSERT_THAT(
        posts(),
        ElementsAre(first.text, "The alarm in hill of " + time() + " is being answered.",
                    "The alarm in hill of " + time() + ": who called says that all is clear.",
                    "The alarm in hill of " + time() + " is over."));
    for (std::size_t i = 1; i < world_->sent.size(); ++i)
        EXPECT_THAT(world_->sent[i].references, ElementsAre(world_->wire_ids[0])) << i;
}

TEST_F(AlarmPost, NeitherNameNorPlaceNorRepeatGoesOut) {
    Heard heard;
    heard.name = "Ana Brook";
    heard.place = Place{47.1234, 11.5678, 10, 0};
    hear(kAna, heard);
    sealed(kAna, "SOS");
    EXPECT_THAT(last(kBen), HasSubstr("47.1234")) << "responders have it";
    for (int i = 0; i < 10; ++i) pass(minutes(5));
    EXPECT_THAT(posts(), ElementsAre("Alarm in hill, " + time() + "."));
    for (const Delivery& d : world_->sent)
        for (const std::string& part : {d.text, d.from.value, d.from_name, d.reply_to.value}) {
            EXPECT_THAT(part, Not(HasSubstr("ana")));
            EXPECT_THAT(part, Not(HasSubstr("Ana")));
            EXPECT_THAT(part, Not(HasSubstr("47.")));
        }
}

// Else anybody with a radio would write in the village's name.
TEST_F(AlarmPost, OfStrangersAndChildrenOnlyThatThereIsOne) {
    dm(kNobody, "SOS buy my watches");
    ASSERT_THAT(posts(), ElementsAre("Alarm in hill, " + time() + "."));
    ASSERT_TRUE(ask([](Desk& d) { return d.put_person("ana", "", "", "", true); }).ok());
    sealed(kAna, "SOS I am lost");
    ASSERT_EQ(posts().size(), 2u);
    EXPECT_THAT(posts()[1], Not(HasSubstr("lost")));
}

TEST_F(AlarmPost, DrillsAndWhatIsCalledOffStayInTheVillage) {
    sealed(kAna, "SOS TEST");
    sealed(kAna, "112");
    sealed(kAna, "0");
    pass(minutes(2));
    EXPECT_THAT(posts(), IsEmpty());
    sealed(kAna, "112");
    pass(seconds(31));
    EXPECT_EQ(posts().size(), 1u) << "nobody called that one off";
}

TEST_F(AlarmPost, APublishedGroupSaysItWithoutItsMembers) {
    published_by("news");
    ASSERT_TRUE(add("news").ok());
    dm(kEva, "hello");
    dm(kAna, "#+news");
    sealed(kAna, "SOS one");
    EXPECT_THAT(posts(), IsEmpty());
    EXPECT_EQ(why_not(), "the group news is not published: acct:public@hill.example is no member");
    ASSERT_TRUE(put_in("news", "acct:public@hill.example").ok());
    sealed(kAna, "SOS OK");
    shown(kAna);
    sealed(kCarl, "SOS two");
    ASSERT_EQ(posts().size(), 1u);
    EXPECT_EQ(world_->sent[0].from.value, "news@hill.example");
    EXPECT_EQ(world_->sent[0].from_name, "");
    EXPECT_FALSE(world_->sent[0].list) << "no post of the group, its radios are told nothing";
    EXPECT_THAT(shown(kAna), IsEmpty());
}

TEST_F(AlarmPost, WhyItIsNotIsOnRecord) {
    published_by("nobody");
    sealed(kAna, "SOS fire");
    EXPECT_EQ(why_not(), "there is no group nobody here");
    close();
    settings_.publish_alarms = kPublishAsBox;
    open();  // and no network has readers
    sealed(kBen, "SOS flood");
    EXPECT_EQ(why_not(), "this box has no [activitypub] section");
    EXPECT_THAT(posts(), IsEmpty());
}

// Killed after the commit: it is on record with the alarm, once.
TEST_F(AlarmPost, AKillLosesNeitherAndDoublesNone) {
    world_->up = false;
    sealed(kAna, "SOS fire at the mill");
    begin_again();
    world_->up = true;
    office_->wake("activitypub.main");
    settle();
    pass(minutes(1));
    EXPECT_EQ(posts().size(), 1u);
    sealed(kBen, "*1 coming");
    begin_again();
    settle();
    EXPECT_EQ(posts().size(), 2u);
    EXPECT_THAT(world_->sent[1].references, ElementsAre(world_->wire_ids[0]));
}

TEST_F(AlarmPost, WhatIsOverBeforeItLeftIsNotTold) {
    world_->up = false;
    sealed(kAna, "SOS fire at the mill");
    sealed(kBen, "*1 coming");
    ben_closes();
    world_->up = true;
    office_->wake("activitypub.main");
    settle();
    pass(hours(1));
    EXPECT_THAT(posts(), IsEmpty());
}

TEST_F(AlarmPost, NobodyReadsWhatIsADayOld) {
    world_->up = false;
    sealed(kAna, "SOS fire at the mill");
    pass(hours(25));
    world_->up = true;
    office_->wake("activitypub.main");
    pass(minutes(1));
    EXPECT_THAT(posts(), IsEmpty());
    ben_closes();
    EXPECT_THAT(posts(), IsEmpty()) << "nor that it is over";
}

TEST_F(AlarmPost, AStormOfThemEndsAfterTwentyADay) {
    for (int i = 0; i < 23; ++i) {
        dm(kNobody, "SOS");
        pass(minutes(11));
        const auto open = open_alarms(*office_);
        for (const AlarmReport& each : *open)
            EXPECT_TRUE(ask([&](Desk&) { return close_alarm(*office_, each.alarm.id); }).ok());
    }
    std::size_t alarms = 0, ends = 0;
    for (const std::string& text : posts()) {
        alarms += text.rfind("Alarm in hill, ", 0) == 0;
        ends += text.find(" is over.") != std::string::npos;
    }
    EXPECT_EQ(alarms, 20u);
    EXPECT_EQ(ends, 20u) << "of each that was told";
    EXPECT_EQ(why_not(), "20 alarms a day are the limit");
}

TEST_F(AlarmPost, InTheVillagesLanguage) {
    settings_.language = "es";
    begin_again();
    sealed(kAna, "SOS fuego");
    EXPECT_THAT(posts(), ElementsAre("Alarma en hill, " + time() + ": fuego"));
}

}  // namespace
}  // namespace waypost
