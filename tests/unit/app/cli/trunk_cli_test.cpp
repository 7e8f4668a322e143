// SPDX-License-Identifier: Apache-2.0
// What the tools of a radio keep on disk and show to programs.
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "app/cli/trunk/airtime_file.h"
#include "app/cli/trunk/host_end.h"
#include "app/cli/trunk/kiss_hosts.h"
#include "app/cli/trunk/radio_options.h"
#include "app/cli/trunk/survey_file.h"
#include "radio/airtime/ledger.h"

namespace waypost::cli {
namespace {

namespace fs = std::filesystem;

struct OnDisk : testing::Test {
    OnDisk() { fs::create_directories(folder); }
    ~OnDisk() override { fs::remove_all(folder); }
    std::string contents(const std::string& name) const {
        std::ifstream in(folder / name, std::ios::binary);
        return {std::istreambuf_iterator<char>(in), {}};
    }
    void write(const std::string& name, const std::string& text) const {
        std::ofstream(folder / name, std::ios::binary) << text;
    }
    const fs::path folder =
        fs::temp_directory_path() / ("waypost-trunk-cli-" + std::to_string(::getpid()));
};

struct Airtime : OnDisk {
    std::unique_ptr<AirtimeFile> open() const {
        auto file = AirtimeFile::open(folder / "new" / "air");
        return file.ok() ? std::move(*file) : nullptr;
    }
    milliseconds used(const AirtimeFile& file) const {
        AirtimeLedger ledger;
        ledger.load(file.get("airtime").value_or(""), file.box_time());
        return ledger.used(file.box_time());
    }
};

TEST_F(Airtime, WhatOneStartSpentTheNextOneKnows) {
    {
        const auto file = open();
        ASSERT_TRUE(file);
        AirtimeLedger ledger;
        ledger.spend(file->box_time(), milliseconds(700));
        file->put("airtime", ledger.save(file->box_time(), milliseconds(300)));
        EXPECT_EQ(file->failed(), "");
    }
    const auto again = open();
    ASSERT_TRUE(again);
    EXPECT_EQ(used(*again), milliseconds(1000));  // what was promised counts as sent
    EXPECT_EQ(again->with_prefix("airtime").size(), 1U);
}

TEST_F(Airtime, AnotherRunOfTheMachineGivesNothingBack) {
    fs::create_directories(folder / "new");
    write("new/air", "waypost airtime 1\nanother-boot 99999999999 5000000\n4990000 700\n");
    const auto file = open();
    ASSERT_TRUE(file);
    EXPECT_GE(file->box_time(), BoxTime{} + milliseconds(5'000'000));
    EXPECT_LT(file->box_time(), BoxTime{} + milliseconds(5'060'000));
    EXPECT_EQ(used(*file), milliseconds(700));
}

TEST_F(Airtime, OneProgramAtATimeHasIt) {
    const auto file = open();
    const auto second = AirtimeFile::open(folder / "new" / "air");
    ASSERT_FALSE(second.ok());
    EXPECT_EQ(second.error().code, Code::Conflict);
}

TEST_F(Airtime, AFileOfAnotherKindIsLeftAlone) {
    write("letter", "Dear Bob");
    const auto file = AirtimeFile::open(folder / "letter");
    ASSERT_FALSE(file.ok());
    EXPECT_EQ(file.error().code, Code::BadInput);
    EXPECT_EQ(contents("letter"), "Dear Bob");
}

TEST_F(Airtime, WhatCannotBeWrittenIsKnown) {
    const auto file = open();
    ASSERT_TRUE(file);
    fs::remove_all(folder / "new");
    file->put("airtime", "1 1\n");
    EXPECT_NE(file->failed(), "");
}

struct Surveyed : OnDisk {
    trunk::SurveyPoint point(const std::string& place) const {
        trunk::SurveyPoint p{place, 1'790'000'000, {}};
        p.result.number = 1;
        return p;
    }
};

TEST_F(Surveyed, AnEarlierDayGoesOnAndATornLineGoes) {
    const std::string path = folder / "survey.csv";
    {
        auto file = SurveyFile::open(path);
        ASSERT_TRUE(file.ok());
        ASSERT_TRUE((*file)->add(point("ford")).ok());
    }
    write("survey.csv", contents("survey.csv") + "hill,2026-09");
    auto file = SurveyFile::open(path);
    ASSERT_TRUE(file.ok()) << file.error().text;
    EXPECT_EQ((*file)->before().size(), 1U);
    ASSERT_TRUE((*file)->add(point("mill")).ok());
    const auto read = trunk::read_csv(contents("survey.csv"));
    ASSERT_TRUE(read.ok());
    ASSERT_EQ(read->size(), 2U);
    EXPECT_EQ((*read)[1].place, "mill");
}

TEST_F(Surveyed, AFileOfAnotherKindIsLeftAlone) {
    write("letter", "Dear Bob\nand Ana");
    EXPECT_FALSE(SurveyFile::open(folder / "letter").ok());
    EXPECT_EQ(contents("letter"), "Dear Bob\nand Ana");
}

TEST_F(Surveyed, GnuplotDrawsIt) {
    trunk::Survey survey;
    trunk::SurveyPoint answered = point("ford's \"end\"");
    answered.result.kind = trunk::PingResult::Kind::Answered;
    answered.result.here = answered.result.there = {-90, 5.0F};
    survey.add(answered);
    survey.add(point("mill"));
    const auto drawn = plot(survey, folder / "it's.svg");
    ASSERT_TRUE(drawn.ok()) << drawn.error().text;
    EXPECT_NE(contents("it's.svg").find("</svg>"), std::string::npos);
    EXPECT_FALSE(can_plot("a\nb").ok());
}

TEST(RadioOptions, ABandOfAmateursIsRefusedAndNamesAreSaid) {
    RadioOptions options;
    options.region = "EU868";
    options.frequency_hz = 869'525'000;
    EXPECT_FALSE(radio_site(options, *modem_kind("kiss")).ok());
    EXPECT_TRUE(radio_site(options, *modem_kind("rn2483")).ok());
    EXPECT_TRUE(may_send(options).ok());
    options.region = "XX";
    EXPECT_FALSE(may_send(options).ok());
    options.modem_options = {"quality"};
    EXPECT_FALSE(modem_settings(options).ok());
    options.modem_options = {"quality=yes"};
    EXPECT_EQ(modem_settings(options)->more.at("quality"), "yes");
}

struct Tty : OnDisk {};

TEST_F(Tty, ProgramsFindTheTerminalByItsLinkAndMayComeAgain) {
    const std::string link = folder / "modem";
    auto terminal = open_terminal(link);
    ASSERT_TRUE(terminal.ok()) << terminal.error().text;
    EXPECT_EQ(fs::read_symlink(link), terminal->path);
    for (int i = 0; i < 2; ++i) {
        {
            std::ofstream program(link, std::ios::binary);
            program << std::string("a\r\n\0\x03", 5) << std::flush;
        }
        std::string got;
        for (int tries = 0; tries < 100 && got.size() < 5; ++tries) got += terminal->end->read(2);
        EXPECT_EQ(got, std::string("a\r\n\0\x03", 5));
        EXPECT_FALSE(terminal->end->ended());
    }
    terminal->end.reset();
    EXPECT_FALSE(fs::is_symlink(link));
    write("file", "x");
    EXPECT_FALSE(open_terminal(folder / "file").ok());
    EXPECT_EQ(contents("file"), "x");
}

TEST(Kiss, OnlyTheMachineItselfMayCallByTcp) {
    KissHosts hosts;
    EXPECT_FALSE(hosts.listen("0.0.0.0:0").ok());
    EXPECT_FALSE(hosts.listen("rubbish").ok());
    const auto where = hosts.listen("127.0.0.1:0");
    ASSERT_TRUE(where.ok()) << where.error().text;
}

}  // namespace
}  // namespace waypost::cli
