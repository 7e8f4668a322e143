// SPDX-License-Identifier: Apache-2.0
// The tools for people at both ends of a simulated air: `waypost trunk ping`, `survey`, `pipe` and
// `listen` as they are run, and Dire Wolf's kissutil at two modems that are used as KISS TNCs.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <csignal>
#include <fstream>

#include "app/demo/process.h"
#include "modem_world.h"
#include "radio/trunk/pairing.h"
#include "radio/trunk/tools/survey.h"
#include "tests/interop/mail/peers.h"
#include "tool.h"

namespace waypost::interop {
namespace {

using std::chrono::seconds;
using testing::HasSubstr;
using Words = std::vector<std::string>;

struct TrunkTools : testing::Test {
    TrunkTools() {
        std::ofstream(folder / "code")
            << trunk::pairing_code(trunk::new_pairing(*system_random(), 1)) << '\n';
        ::chmod((folder / "code").c_str(), 0600);
    }
    // The same radio for all, with a ledger of its own at each end.
    Words at(const ModemWorld& world, std::size_t end, const std::string& command,
             const Words& more = {}) const {
        Words words{command,       "--port",    world.port(end), "--modem", "rn2483",
                    "--frequency", "869525000", "--sf",          "7",       "--network-id",
                    "52"};
        if (command != "listen") {
            const Words sends{"--region",    "EU868",
                              "--ledger",    folder / ("ledger" + std::to_string(end)),
                              "--code-file", folder / "code"};
            words.insert(words.end(), sends.begin(), sends.end());
            if (end == 1) words.push_back("--typed");
        }
        words.insert(words.end(), more.begin(), more.end());
        return words;
    }
    std::string random_file(const std::string& name, std::uint64_t seed, std::size_t bytes) const {
        const auto random = seeded_random(seed);
        std::string text;
        while (text.size() < bytes) text += static_cast<char>(random->next() & 0xFF);
        std::ofstream(folder / name, std::ios::binary) << text;
        return folder / name;
    }
    const Folder folder;
};

TEST_F(TrunkTools, APingTellsHowStrongItWasBothWaysAndItsLoss) {
    ModemWorld world(0.1);
    Tool answerer(at(world, 1, "ping", {"--answer"}), folder / "answer");
    ASSERT_TRUE(eventually([&] { return answerer.err().find("is ready") != std::string::npos; }));
    Tool asker(at(world, 0, "ping", {"--count", "8", "--every", "0.3"}), folder / "ask");
    EXPECT_EQ(asker.wait(seconds(180)), 0) << asker.err();
    EXPECT_THAT(asker.out(), HasSubstr(" ms  here -90 dBm +6.0 dB  there -90 dBm +6.0 dB\n"));
    EXPECT_THAT(asker.out(), HasSubstr("8 sent, "));
    EXPECT_THAT(asker.out(), HasSubstr("there: RSSI -90 dBm (worst -90 dBm) SNR +6.0 dB"));
    answerer.signal(SIGINT);
    EXPECT_EQ(answerer.wait(seconds(10)), 0) << answerer.err();
    EXPECT_THAT(answerer.out(), HasSubstr("heard  -90 dBm +6.0 dB\n"));
    // What it cost is on record for the next start.
    EXPECT_THAT(contents(folder / "ledger0"), HasSubstr("waypost airtime 1\n"));

    Tool alone(at(world, 0, "ping", {"--count", "1", "--json"}), folder / "alone");
    EXPECT_EQ(alone.wait(seconds(30)), 1);
    EXPECT_THAT(alone.out(), HasSubstr("\"result\":\"lost\""));
}

TEST_F(TrunkTools, WhereNothingMayBeSentNothingIs) {
    ModemWorld world(0);
    Words words = at(world, 0, "ping", {"--count", "1"});
    *std::find(words.begin(), words.end(), "869525000") = "868650000";
    Tool asker(words, folder / "ask");
    EXPECT_EQ(asker.wait(seconds(20)), 1);
    EXPECT_THAT(asker.err(), HasSubstr("868.650 MHz with 250.0 kHz is not allowed in EU868"));
    *std::find(words.begin(), words.end(), "EU868") = "XX";
    Tool nowhere(words, folder / "nowhere");
    EXPECT_EQ(nowhere.wait(seconds(20)), 1);
    EXPECT_EQ(world.seconds_on_air(), 0);
}

TEST_F(TrunkTools, WhatEarlierStartsSpentIsSpent) {
    ModemWorld world(0);
    std::ofstream(folder / "ledger0") << "waypost airtime 1\nan-earlier-boot 1 9000000\n"
                                      << "8900000 180000\n";  // all of its half
    Tool asker(at(world, 0, "ping", {"--count", "1"}), folder / "ask");
    EXPECT_TRUE(
        eventually([&] { return asker.err().find("waits for airtime") != std::string::npos; }));
    asker.signal(SIGTERM);
    EXPECT_EQ(asker.wait(seconds(10)), 1);
    EXPECT_EQ(world.seconds_on_air(), 0);
}

TEST_F(TrunkTools, APipeCarriesBothWaysOverALossyAirAndEndsWithTheFiles) {
    ModemWorld world(0.1);
    const std::string a = random_file("a", 1, 5000), b = random_file("b", 2, 5000);
    Tool one(at(world, 0, "pipe"), folder / "one", a);
    Tool other(at(world, 1, "pipe"), folder / "other", b);
    EXPECT_EQ(one.wait(seconds(100)), 0) << one.err() << other.err();
    EXPECT_EQ(other.wait(seconds(30)), 0) << other.err();
    EXPECT_TRUE(other.out() == contents(a));
    EXPECT_TRUE(one.out() == contents(b));
    EXPECT_THAT(one.err(), HasSubstr("5000 bytes in, 5000 bytes out, all arrived\n"));
}

TEST_F(TrunkTools, WhenOneEndIsKilledTheOtherSaysThatNotAllArrived) {
    ModemWorld world(0);
    Tool one(at(world, 0, "pipe", {"--give-up", "5"}), folder / "one", "/dev/zero");
    Tool other(at(world, 1, "pipe", {"--wait-for-eof"}), folder / "other", "/dev/zero");
    ASSERT_TRUE(
        eventually([&] { return one.err().find("the other end is there") != std::string::npos; },
                   seconds(180)))
        << one.err() << other.err();
    other.signal(SIGKILL);
    EXPECT_EQ(other.wait(seconds(10)), -1);
    EXPECT_EQ(one.wait(seconds(180)), 1);
    EXPECT_THAT(one.err(), HasSubstr("no answer from the other end any more"));
}

TEST_F(TrunkTools, WhoIsNotThereIsWaitedForAsLongAsWasSaid) {
    ModemWorld world(0);
    Tool alone(at(world, 0, "pipe", {"--wait", "3"}), folder / "alone");
    EXPECT_EQ(alone.wait(seconds(30)), 1);
    EXPECT_THAT(alone.err(), HasSubstr("the other end did not come"));
}

TEST_F(TrunkTools, ProgramsUseAPipeAsTheirSerialLine) {
    ModemWorld world(0);
    const std::string line = folder / "line";
    Tool serial(at(world, 0, "pipe", {"--serial", "--link", line}), folder / "serial");
    Tool other(at(world, 1, "pipe", {"--linger", "1"}), folder / "other", random_file("b", 2, 300));
    ASSERT_TRUE(eventually([&] { return serial.out() == line + "\n"; })) << serial.err();
    std::ofstream(line, std::ios::binary) << "typed\r" << std::flush;
    EXPECT_TRUE(eventually([&] { return other.out() == "typed\r"; }, seconds(180)))
        << serial.err() << other.err();
    serial.signal(SIGINT);  // its end of file
    EXPECT_EQ(serial.wait(seconds(180)), 0) << serial.err();
    EXPECT_EQ(other.wait(seconds(180)), 0) << other.err();
}

TEST_F(TrunkTools, ASurveyGoesOnInItsFileAndIsDrawn) {
    ModemWorld world(0);
    Tool answerer(at(world, 1, "ping", {"--answer"}), folder / "answer");
    ASSERT_TRUE(eventually([&] { return answerer.err().find("is ready") != std::string::npos; }));
    const std::string csv = folder / "survey.csv", svg = folder / "survey.svg";
    const Words common{"--csv", csv, "--count", "2", "--every", "0.3"};
    std::ofstream(folder / "places") << "the ford\nmill\n";
    Tool first(at(world, 0, "survey", common), folder / "first", folder / "places");
    EXPECT_EQ(first.wait(seconds(180)), 0) << first.err();
    Words more = common;
    more.insert(more.end(), {"--place", "mill", "--plot", svg});
    Tool second(at(world, 0, "survey", more), folder / "second");
    EXPECT_EQ(second.wait(seconds(180)), 0) << second.err();
    const auto points = trunk::read_csv(contents(csv));
    ASSERT_TRUE(points.ok());
    EXPECT_EQ(points->size(), 6U);
    EXPECT_THAT(second.out(), HasSubstr("    4    4    0%  -90/-90   +6.0/+6.0"));
    EXPECT_THAT(second.out(), HasSubstr("mill\n  answered  ######################### 4 of 4\n"));
    EXPECT_THAT(contents(svg), HasSubstr("the ford"));
}

// Says it until the other shows it: who is not connected yet hears nothing.
bool carried(demo::Child& from, demo::Child& to, const std::string& text) {
    for (int i = 0; i < 10; ++i) {
        from.say(text);
        for (std::string line = to.line(seconds(2)); !line.empty(); line = to.line(seconds(1)))
            if (line.find(text) != std::string::npos) return true;
    }
    return false;
}

TEST_F(TrunkTools, KissProgramsUseTheModemsAsTheirTncs) {
    ModemWorld world(0);
    const Words listen{"--kiss", "--listen", "127.0.0.1:0"};
    Tool one(at(world, 0, "pipe", listen), folder / "one");
    Tool other(at(world, 1, "pipe", listen), folder / "other");
    const auto port = [](const Tool& tool) {
        const std::string where = tool.out();
        return where.substr(where.find(':') + 1, where.find('\n') - where.find(':') - 1);
    };
    ASSERT_TRUE(eventually([&] { return !one.out().empty() && !other.out().empty(); }))
        << one.err() << other.err();
    const std::string program = "/usr/bin/kissutil";
    demo::Child ana(program, {"-h", "127.0.0.1", "-p", port(one)}, folder / "ana.err");
    demo::Child ben(program, {"-h", "127.0.0.1", "-p", port(other)}, folder / "ben.err");
    EXPECT_TRUE(carried(ana, ben, "W1AW-3>QST,RELAY:over the hill")) << one.err() << other.err();
    EXPECT_TRUE(carried(ben, ana, "DB0ABC>W1AW-3:and back")) << one.err() << other.err();
    one.signal(SIGINT);
    EXPECT_EQ(one.wait(seconds(10)), 0);
    EXPECT_THAT(one.err(), HasSubstr(" 0 too long, 0 dropped, 0 broken\n"));
}

TEST_F(TrunkTools, WhoListensHearsEveryFrameAndSendsNone) {
    ModemWorld world(0);
    Tool ear(at(world, 1, "listen"), folder / "ear");
    ASSERT_TRUE(eventually([&] { return ear.err().find("is ready") != std::string::npos; }));
    Tool asker(at(world, 0, "ping", {"--count", "2", "--every", "0.3", "--json"}), folder / "ask");
    EXPECT_EQ(asker.wait(seconds(30)), 1);
    const double on_air = world.seconds_on_air();
    EXPECT_TRUE(eventually([&] { return ear.out().find("ping 2") != std::string::npos; }));
    ear.signal(SIGINT);
    EXPECT_EQ(ear.wait(seconds(10)), 0) << ear.err();
    EXPECT_THAT(ear.out(), HasSubstr("  12 bytes  -90 dBm +6.0 dB  ping 1\n          e010"));
    EXPECT_THAT(ear.out(), HasSubstr("2 frames, 24 bytes, 0 damaged\n"));
    EXPECT_EQ(world.seconds_on_air(), on_air);
}

}  // namespace
}  // namespace waypost::interop
