// SPDX-License-Identifier: Apache-2.0
#include "bridges/nncp/courier/exchange.h"

#include <set>

#include "bridges/nncp/courier/readme.h"
#include "tests/unit/bridges/nncp/courier/stick.h"

namespace waypost::nncp {
namespace {

using ExchangeTest = StickTest;

TEST_F(ExchangeTest, LettersGoBothWays) {
    for (int i = 0; i < 5; ++i) village_.queue("relay", std::to_string(i));
    relay_.queue("village", "back");
    const auto left = visit(village_);
    EXPECT_EQ(out(left), 5u);
    EXPECT_TRUE(left.safe);
    const auto there = visit(relay_);
    EXPECT_EQ(in(there), 5u);
    EXPECT_EQ(out(there), 1u);
    EXPECT_EQ(in(visit(village_)), 1u);
    EXPECT_EQ(relay_.count("village", Way::Rx), 5u);
    EXPECT_EQ(village_.count("relay", Way::Rx), 1u);
}

TEST_F(ExchangeTest, ACopyIsNoArrival) {
    const Mth name = village_.queue("relay", "text");
    visit(village_);
    EXPECT_EQ(village_.count("relay", Way::Tx), 1u) << "it waits for an ACK";
    EXPECT_EQ(in(visit(relay_)), 1u);
    EXPECT_EQ(out(visit(village_)), 0u) << "it rode this stick";
    EXPECT_EQ(out(visit(village_, options(), "B")), 1u);
    EXPECT_EQ(in(visit(relay_)), 0u) << "it had arrived before";
    EXPECT_EQ(relay_.count("village", Way::Rx), 1u);
    EXPECT_FALSE(fs::exists(copy_of(name)));
    const SpoolPacket packet{village_.config.find("relay")->id, Way::Tx, name};
    ASSERT_TRUE(village_.spool.remove(packet).ok());  // what an ACK does
    EXPECT_EQ(out(visit(village_, options(), "C")), 0u);
}

TEST_F(ExchangeTest, WhatWasNotAcknowledgedRidesTheNextStickToo) {
    village_.queue("relay", "text");
    for (const char* stick : {"A", "B", "C", "D"}) {
        EXPECT_EQ(out(visit(village_, options(), stick)), 1u);
        visit(relay_);
    }
    clock_.advance(std::chrono::hours(24 * 40));
    visit(village_, options(), "A");
    EXPECT_EQ(village_.count("relay", Way::Tx), 1u) << "no ride is an ACK";
}

TEST_F(ExchangeTest, WhereNoAcksComeTheThirdStickMayBeTheLast) {
    village_.queue("relay", "text");
    ExchangeOptions how = options();
    how.rules.rides = 3;
    for (const char* stick : {"A", "B"}) {
        visit(village_, how, stick);
        EXPECT_EQ(village_.count("relay", Way::Tx), 1u);
        visit(relay_);
    }
    EXPECT_EQ(out(visit(village_, how, "C")), 1u);
    EXPECT_EQ(village_.count("relay", Way::Tx), 0u);
}

TEST_F(ExchangeTest, AfterHalfAYearWithoutAnAnswerItWaitsNoLonger) {
    const Mth name = village_.queue("relay", "text");
    visit(village_);
    visit(relay_);
    const fs::path file =
        village_.spool.path({village_.config.find("relay")->id, Way::Tx, name, 0, 0});
    const auto made = clock_.wall() - std::chrono::hours(24 * 180);
    fs::last_write_time(file, std::chrono::file_clock::from_sys(made));
    Place directory = place("dir:x");
    directory.directory = true;
    ExchangeOptions receiving = options();
    receiving.nodes = {village_.config.find("city")->id};
    const auto book = CourierBook::open(village_.spool, false);
    ASSERT_TRUE(
        exchange_with(village_.config, village_.spool, *book, directory, receiving, clock_).ok());
    EXPECT_EQ(village_.count("relay", Way::Tx), 0u);
}

TEST_F(ExchangeTest, OneStickThatGoesWeeklyTakesItAgain) {
    village_.queue("relay", "text");
    visit(village_);
    visit(relay_);
    clock_.advance(std::chrono::hours(24 * 6));
    EXPECT_EQ(out(visit(village_)), 0u);
    clock_.advance(std::chrono::hours(24));
    EXPECT_EQ(out(visit(village_)), 1u);
}

TEST_F(ExchangeTest, ACopyThatLiesThereIsNotCopiedTwice) {
    village_.queue("relay", "text");
    visit(village_);
    const auto again = visit(village_);
    EXPECT_EQ(out(again), 0u);
    EXPECT_EQ(again.sent.count(Outcome::Known, Way::Tx), 1u);
    EXPECT_EQ(CourierBook::open(village_.spool)->find(kStick)->rides.at(0).times, 1);
}

TEST_F(ExchangeTest, ACopyThatWentBadIsReplaced) {
    const Mth name = village_.queue("relay", "text");
    ExchangeOptions how = options();
    how.rules.rides = 0;
    visit(village_, how);
    const std::string good = text_of(copy_of(name));
    for (std::size_t size = 0; size < good.size(); size += 37) {
        std::ofstream(copy_of(name))
            << good.substr(0, size) << std::string(good.size() - size, '\0');
        EXPECT_EQ(visit(relay_).received.count(Outcome::Damaged, Way::Rx), 1u);
        EXPECT_EQ(out(visit(village_, how)), 1u);
        EXPECT_EQ(text_of(copy_of(name)), good);
    }
    EXPECT_EQ(in(visit(relay_)), 1u);
}

TEST_F(ExchangeTest, OnlyOurFolderIsTouched) {
    std::ofstream(stick_ / "photo.jpg") << "theirs";
    fs::create_directory(stick_ / to_base32(village_.config.self->id));
    village_.queue("relay", "text");
    visit(village_);
    std::set<std::string> names;
    for (const auto& each : fs::directory_iterator(stick_)) names.insert(each.path().filename());
    EXPECT_EQ(names,
              (std::set<std::string>{"nncp", "photo.jpg", to_base32(village_.config.self->id)}));
    EXPECT_EQ(text_of(stick_ / "photo.jpg"), "theirs");
    EXPECT_EQ(text_of(stick_ / "nncp" / kReadme), readme_text());
}

TEST_F(ExchangeTest, LinksAreNotFollowed) {
    village_.queue("relay", "text");
    fs::create_directory(folder_ / "elsewhere");
    const fs::path relay = stick_ / "nncp" / to_base32(village_.config.find("relay")->id);
    for (const fs::path& link :
         {stick_ / "nncp", relay, relay / to_base32(village_.config.self->id)}) {
        fs::create_directories(link.parent_path());
        fs::create_symlink(folder_ / "elsewhere", link);
        EXPECT_EQ(try_visit(village_).error().code, Code::Refused) << link;
        EXPECT_TRUE(fs::is_empty(folder_ / "elsewhere"));
        fs::remove_all(stick_ / "nncp");
    }
    EXPECT_EQ(out(visit(village_)), 1u);
}

TEST_F(ExchangeTest, NeitherSideIsFilled) {
    village_.queue("relay", "text");
    ExchangeOptions full = options();
    full.keep_free = ~std::uint64_t{0} / 2;
    const auto report = visit(village_, full);
    EXPECT_EQ(report.sent.count(Outcome::Left, Way::Tx), 1u);
    EXPECT_TRUE(report.safe);
    EXPECT_TRUE(files_in(stick_).empty());
    visit(village_);
    const auto tight = Spool::open(relay_.spool.directory(), {false, true, ~std::uint64_t{0}});
    const auto book = CourierBook::open(*tight, false);
    const auto refused = exchange_with(relay_.config, *tight, *book, place(), options(), clock_);
    EXPECT_EQ(refused->received.count(Outcome::Left, Way::Rx), 1u);
    EXPECT_EQ(in(visit(relay_)), 1u);
    EXPECT_GT(margin(stick_), 0u);
    EXPECT_LE(margin(stick_), 64u * 1024 * 1024);
}

TEST_F(ExchangeTest, AStickInOtherHandsIsLeft) {
    const auto lock = CourierBook::open(village_.spool)->lock(kStick);
    EXPECT_EQ(try_visit(village_).error().code, Code::Busy);
}

TEST_F(ExchangeTest, TellsItsPhases) {
    village_.queue("relay", std::string(300'000, 'x'));
    ExchangeOptions how = options();
    std::vector<Phase> phases;
    how.progress = [&](Phase phase, const Progress& now) {
        if (phases.empty() || phases.back() != phase) phases.push_back(phase);
        EXPECT_LE(now.bytes, now.all_bytes);
        return true;
    };
    visit(village_, how);
    EXPECT_EQ(phases, (std::vector{Phase::Reading, Phase::Writing, Phase::Syncing}));
    EXPECT_STREQ(to_string(phases[1]), "writing");
}

}  // namespace
}  // namespace waypost::nncp
