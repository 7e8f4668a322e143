// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "gateway/delivery/desk_alarms.h"
#include "village.h"

namespace waypost {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::MatchesRegex;
using Lines = std::vector<std::string>;

class CheckIn : public Village {
  protected:
    CheckIn() {
        name("ana", kAna);
        name("ben", kBen);
        name("carl", kCarl);
        dm(kAna, "@mama=mama@example.org");
    }
    Lines news(const std::string& radio, milliseconds time) {
        return Village::news(radio, [&] { pass(time); });
    }
};

TEST_F(CheckIn, AsksBeforeAndTellsTwiceAndNoMore) {
    EXPECT_EQ(dm1(kAna, "check 12h @mama @ben"),
              "If you are silent for 12h: mama, ben told. Any line starts anew. check off ends it");
    EXPECT_THAT(news(kAna, hours(11)), IsEmpty());
    EXPECT_THAT(
        news(kAna, minutes(30)),
        ElementsAre(MatchesRegex("All well\\? Send any line\\. Else mama, ben told at .*..:..")));
    EXPECT_THAT(news(kBen, minutes(29)), IsEmpty());
    EXPECT_EQ(relay_->sent.size(), 0u);
    EXPECT_EQ(news(kBen, minutes(1)),
              (Lines{"ALARM: ana is silent for 12h and asked that you be told"}));
    ASSERT_EQ(relay_->sent.size(), 1u);
    EXPECT_EQ(relay_->sent[0].to.value, "mama@example.org");
    EXPECT_EQ(relay_->sent[0].from.value, "ana@hill.example");
    EXPECT_EQ(relay_->sent[0].subject, "No word from ana");
    EXPECT_THAT(relay_->sent[0].text, HasSubstr("nothing is heard from ana for 12h"));
    EXPECT_THAT(all_shown(kAna, radio_->sent.size() - 2),
                ElementsAre(HasSubstr("You were silent: mama, ben told.")));
    EXPECT_EQ(news(kBen, hours(1)).size(), 1u);
    EXPECT_EQ(relay_->sent.size(), 2u);
    EXPECT_THAT(news(kBen, hours(48)), IsEmpty());
    EXPECT_EQ(relay_->sent.size(), 2u);
}

TEST_F(CheckIn, AnyLineOfHisRadioStartsItAnewAndIsToldToWhoWasWorried) {
    dm(kAna, "check 1h @ben");
    pass(minutes(45));  // she is asked
    dm(kAna, "*");
    EXPECT_THAT(news(kBen, minutes(29)), IsEmpty());
    EXPECT_THAT(news(kAna, minutes(1)), ElementsAre(HasSubstr("All well?")));
    EXPECT_THAT(news(kBen, minutes(30)), ElementsAre(HasSubstr("ana is silent for 1h")));
    dm(kAna, "*");
    EXPECT_EQ(last(kBen), "ana, silent for 1h, is heard again");
    EXPECT_THAT(news(kBen, minutes(59)), IsEmpty()) << "not the second telling";
    EXPECT_EQ(news(kBen, minutes(1)).size(), 1u) << "it runs again";
}

TEST_F(CheckIn, AMailThatHeWroteIsASignOfLifeAndOneInHisNameIsNone) {
    dm(kAna, "check 1h @ben");
    pass(minutes(25));
    Message message = letter("ana@hill.example", "ben@hill.example", "hello");
    message.origin_id.clear();
    hand(message);  // anybody can write a From
    EXPECT_EQ(check_ins(*office_)->at(0).heard_ms, to_ms(clock_.wall()) - 25 * 60'000);
    message.submitted = true;
    message.automatic = true;
    hand(message);
    EXPECT_EQ(check_ins(*office_)->at(0).heard_ms, to_ms(clock_.wall()) - 25 * 60'000);
    message.automatic = false;
    hand(message);
    EXPECT_EQ(check_ins(*office_)->at(0).heard_ms, to_ms(clock_.wall()));
}

TEST_F(CheckIn, SurvivesARestartAndNoJumpOfTheClockFiresIt) {
    dm(kAna, "check 1h @ben");
    clock_.jump_wall(hours(24 * 30));
    EXPECT_THAT(news(kBen, minutes(1)), IsEmpty());
    pass(minutes(29));
    close();
    open();
    EXPECT_THAT(news(kBen, minutes(29)), IsEmpty());
    EXPECT_EQ(news(kBen, minutes(1)).size(), 1u);
    close();
    open();
    EXPECT_THAT(news(kBen, minutes(1)), IsEmpty());
}

TEST_F(CheckIn, WithoutNamesOrWithNobodyLeftTheRespondersAreTold) {
    EXPECT_THAT(dm1(kAna, "check 10m"), HasSubstr("carl told"));
    EXPECT_EQ(news(kCarl, minutes(10)).size(), 0u) << "first she is asked";
    EXPECT_EQ(news(kCarl, minutes(1)).size(), 1u);
    dm(kAna, "check 10m @ben");
    EXPECT_TRUE(ask([](Desk& d) { return d.remove_person("ben"); }).ok());
    pass(minutes(5));
    EXPECT_THAT(news(kCarl, minutes(5)), ElementsAre(HasSubstr("ana is silent for 10m")));
}

TEST_F(CheckIn, HasItsBounds) {
    for (const char* bad : {"check 9m", "check 15d", "check 0h", "check 9999d"})
        EXPECT_THAT(dm1(kAna, bad), HasSubstr("10m to 14d")) << bad;
    EXPECT_THAT(dm1(kAna, "check 1h a@x.org b@x.org c@x.org d@x.org e@x.org f@x.org"),
                HasSubstr("at most 5"));
    EXPECT_THAT(dm1(kAna, "check 1h @zoe"), HasSubstr("Who is zoe?"));
    EXPECT_THAT(dm1(kAna, "check 1h nobody@hill.example"), HasSubstr("Not an address"));
    EXPECT_THAT(dm1(kAna, "check"), HasSubstr("No check set"));
    EXPECT_THAT(dm1("!0000000e", "check 1h"), HasSubstr("That needs a name first"));
    dm(kAna, "check 1h @ben");
    dm(kAna, "check 2h a@x.org b@x.org c@x.org d@x.org e@x.org");
    ASSERT_EQ(check_ins(*office_)->size(), 1u);
    EXPECT_EQ(check_ins(*office_)->at(0).contacts.size(), 5u);
    EXPECT_EQ(dm1(kAna, "check off"), "Check ended");
    EXPECT_THAT(dm1(kAna, "check off"), HasSubstr("No check set"));
    EXPECT_TRUE(check_ins(*office_)->empty());
    dm(kAna, "check 1h @ben");
    EXPECT_TRUE(ask([](Desk& d) { return end_check_in(d.office(), "ana"); }).ok());
    EXPECT_FALSE(ask([](Desk& d) { return end_check_in(d.office(), "ana"); }).ok());
    dm(kAna, "check 1h @ben");
    EXPECT_TRUE(ask([](Desk& d) { return d.remove_person("ana"); }).ok());
    EXPECT_TRUE(check_ins(*office_)->empty());
}

}  // namespace
}  // namespace waypost
