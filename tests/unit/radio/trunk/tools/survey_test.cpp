// SPDX-License-Identifier: Apache-2.0
#include "radio/trunk/tools/survey.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace waypost::trunk {
namespace {

using testing::HasSubstr;
using Kind = PingResult::Kind;

PingResult answered(int rssi_here, float snr_here, int rssi_there, float snr_there) {
    PingResult result;
    result.number = 1;
    result.kind = Kind::Answered;
    result.round_trip = milliseconds(300);
    result.here = {rssi_here, snr_here};
    result.there = {rssi_there, snr_there};
    return result;
}
PingResult of(Kind kind) {
    PingResult result;
    result.number = 2;
    result.kind = kind;
    return result;
}

TEST(PingTotals, MeansWorstsAndLoss) {
    PingTotals totals;
    totals.add(answered(-90, 6, -100, 1));
    totals.add(answered(-94, 3, -104, -2));
    totals.add(of(Kind::Lost));
    totals.add(of(Kind::NotSent));
    EXPECT_EQ(totals.sent(), 3);
    EXPECT_EQ(totals.answered(), 2);
    EXPECT_EQ(totals.not_sent(), 1);
    EXPECT_NEAR(totals.loss_percent(), 33.3, 0.1);
    EXPECT_EQ(totals.rssi_here.mean(), -92);
    EXPECT_EQ(totals.rssi_here.worst(), -94);
    EXPECT_EQ(totals.snr_there.mean(), -0.5);
    EXPECT_EQ(totals.snr_there.worst(), -2);
    EXPECT_EQ(PingTotals().loss_percent(), 0);
}

TEST(SurveyFile, WhatIsWrittenReadsTheSame) {
    const SurveyPoint ford{"the \"ford\", north", 1'790'000'000, answered(-90, 6.25F, -100, -1.5F)};
    const SurveyPoint hill{"hill", 1'790'000'060, of(Kind::Lost)};
    EXPECT_EQ(csv_line(hill), "hill,2026-09-21T14:14:20Z,2,lost,,,,,\n");
    EXPECT_EQ(csv_line(ford),
              "\"the \"\"ford\"\", north\",2026-09-21T14:13:20Z,1,answered,300,-90,6.25,-100,"
              "-1.50\n");
    const auto read = read_csv(csv_head() + csv_line(ford) + csv_line(hill));
    ASSERT_TRUE(read.ok()) << read.error().text;
    ASSERT_EQ(read->size(), 2U);
    EXPECT_EQ(csv_line((*read)[0]), csv_line(ford));
    EXPECT_EQ(csv_line((*read)[1]), csv_line(hill));
}

TEST(SurveyFile, OfATornLineNothingIsTaken) {
    const SurveyPoint hill{"hill", 1'790'000'060, of(Kind::Lost)};
    const std::string whole = csv_head() + csv_line(hill);
    const auto read = read_csv(whole + csv_line(hill).substr(0, 20));
    ASSERT_TRUE(read.ok());
    EXPECT_EQ(read->size(), 1U);
    EXPECT_TRUE(read_csv("")->empty());
}

TEST(SurveyFile, WhatIsNoSurveyIsSaidWithItsLine) {
    EXPECT_FALSE(read_csv("name,email\nana,x@y\n").ok());
    for (const std::string bad :
         {"hill\n", "hill,yesterday,2,lost,,,,,\n", "hill,2026-09-21T14:14:20Z,2,perhaps,,,,,\n",
          "hill,2026-09-21T14:14:20Z,2,lost,,x,,,\n", "hill,2026-09-21T14:14:20Z,2,lost,,,nan,,\n",
          "\"hill,2026-09-21T14:14:20Z,2,lost,,,,,\n", "h,2026-09-21T14:14:20Z,2,lost,,,,,,\n"}) {
        const auto read = read_csv(csv_head() + bad);
        ASSERT_FALSE(read.ok()) << bad;
        EXPECT_THAT(read.error().text, HasSubstr("line 2"));
    }
}

TEST(SurveyPlaces, AreCleanAndBounded) {
    EXPECT_EQ(clean_place("  the\tford\x1b[31m "), clean_place("the ford[31m"));
    EXPECT_EQ(clean_place(" \n"), "-");
    EXPECT_LE(clean_place(std::string(500, 'x')).size(), 60U);
    Survey survey;
    for (std::size_t i = 0; i < Survey::kMostPlaces; ++i)
        EXPECT_TRUE(survey.add({std::to_string(i), 0, of(Kind::Lost)}));
    EXPECT_FALSE(survey.add({"one more", 0, of(Kind::Lost)}));
    EXPECT_TRUE(survey.add({"7", 0, of(Kind::Lost)}));
    EXPECT_EQ(survey.places()[7].totals.sent(), 2);
}

struct Shown : testing::Test {
    Shown() {
        survey.add({"ford", 1'790'000'000, answered(-90, 6, -100, 1)});
        survey.add({"ford", 1'790'000'010, of(Kind::Lost)});
        survey.add({"mill'; system \"x\"\\", 1'790'000'020, of(Kind::Lost)});
    }
    Survey survey;
};

TEST_F(Shown, TheTableHasALineForEachPlace) {
    const std::string text = table(survey);
    EXPECT_THAT(text, HasSubstr("    2    1   50%  -90/-90   +6.0/+6.0     -100/-100 +1.0/+1.0\n"));
    EXPECT_THAT(text, HasSubstr("    1    0  100%  -         -             -         -\n"));
}

TEST_F(Shown, TheBarsShowWhatWasAnsweredAndHowStrong) {
    const std::string text = text_plot(survey);
    EXPECT_THAT(text, HasSubstr("ford\n  answered  #############............ 1 of 2\n"));
    EXPECT_THAT(text, HasSubstr("  SNR here  ###################...... +6.0 dB\n"));
    EXPECT_THAT(text, HasSubstr("  answered  ......................... 0 of 1\n"));
}

TEST_F(Shown, NoNameOfAPlaceOrFileIsACommandOfGnuplot) {
    const std::string script = gnuplot_script(survey, "it's.svg");
    EXPECT_THAT(script, HasSubstr("set output 'it''s.svg'\n"));
    EXPECT_THAT(script, HasSubstr("1 \"mill'; system 'x''\" 100.00 NaN NaN NaN NaN\n"));
}

}  // namespace
}  // namespace waypost::trunk
