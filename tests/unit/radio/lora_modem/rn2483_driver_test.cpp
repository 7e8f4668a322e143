// SPDX-License-Identifier: Apache-2.0
#include "radio/lora_modem/rn2483/driver.h"
#include "script.h"

namespace waypost::rn2483 {
namespace {

struct Module {
    Driver driver;
};

// The module's side of the line, by hand.
class Script : Module, public lora_modem::Script {
  public:
    explicit Script(ModemSettings settings = {})
        : Module{Driver(settings)}, lora_modem::Script(driver) {}

    using Module::driver;
    void says(const std::string& line) { lora_modem::Script::says(line + "\r\n"); }
    // Answers every question of the set-up as a good module would.
    void set_up(const std::string& version = "RN2483 1.0.5 Oct 31 2018 15:06:52") {
        std::map<std::string, std::string> settings;
        says(version);
        for (int i = 0; i < 100 && !driver.ready(); ++i) {
            const std::string command = last();
            const auto space = command.rfind(' ');
            const auto middle = command.rfind(' ', space - 1);
            if (command == "mac pause") {
                says("4294967245");
            } else if (command.rfind("radio get ", 0) == 0) {
                says(settings[command.substr(10)]);
            } else {
                if (command.rfind("radio set ", 0) == 0)
                    settings[command.substr(middle + 1, space - middle - 1)] =
                        command.substr(space + 1);
                says("ok");
            }
        }
        ASSERT_TRUE(driver.ready()) << last();
        says("ok");  // listening
        wrote.clear();
    }
    // The command written last.
    std::string last() const {
        const std::string lines = wrote.substr(0, wrote.size() - 2);
        return lines.substr(lines.rfind('\n') + 1);
    }
};

TEST(Rn2483, IsToldItsBandAtReset) {
    for (const auto& [hz, reset] : {std::pair{868'100'000u, "mac reset 868"},
                                    {433'500'000u, "mac reset 433"},
                                    {0u, "mac reset 868"}}) {
        ModemSettings settings;
        settings.frequency_hz = hz;
        Script script(settings);
        EXPECT_EQ(script.last(), "sys get ver");
        script.says("RN2483 1.0.5 Oct 31 2018 15:06:52");
        EXPECT_EQ(script.last(), reset);
    }
    Script us;
    us.says("RN2903 1.0.5 Nov 06 2018 10:45:27");
    EXPECT_EQ(us.last(), "mac reset");
}

TEST(Rn2483, SettingsThatNoModuleHasAreRefusedAtOnce) {
    const auto refused = [](auto change) {
        ModemSettings settings;
        change(settings);
        EXPECT_THROW(Driver{settings}, std::runtime_error);
    };
    refused([](auto& s) { s.lora.spreading_factor = 6; });
    refused([](auto& s) { s.lora.bandwidth_hz = 62'500; });
    refused([](auto& s) { s.lora.coding_rate = 9; });
    refused([](auto& s) { s.power_dbm = 22; });
    refused([](auto& s) { s.frequency_hz = 900'000'000; });
    refused([](auto& s) { s.network = 256; });
    refused([](auto& s) { s.more["colour"] = "red"; });
    refused([](auto& s) { s.more["quality"] = "perhaps"; });
}

TEST(Rn2483, AFrameIsSentAfterListeningHasStopped) {
    Script script;
    script.set_up();
    script.send(1, std::string("\x00\xff z", 4));
    EXPECT_EQ(script.last(), "radio rxstop");
    EXPECT_EQ(script.driver.room(), 0);
    script.says("ok");
    EXPECT_EQ(script.last(), "radio tx 00FF207A");
    script.says("ok");
    EXPECT_TRUE(script.reports.empty());
    script.says("radio_tx_ok");
    EXPECT_EQ(script.fate(1), FrameFate::Sent);
    EXPECT_EQ(script.last(), "radio rx 0");
    script.says("radio_tx_ok");  // twice
    EXPECT_EQ(script.reports.size(), 1u);
}

TEST(Rn2483, AStrayErrorBeforeOkIsSkippedOnce) {
    Script script;
    script.set_up();
    script.send(1, "a");
    script.says("radio_err");
    script.says("ok");
    EXPECT_EQ(script.last(), "radio tx 61");
    script.says("radio_err");
    EXPECT_TRUE(script.reports.empty());
    script.says("radio_err");
    EXPECT_EQ(script.fate(1), FrameFate::Failed);
    EXPECT_EQ(script.broken, 0) << "none of these was heard";
}

TEST(Rn2483, APacketMayOvertakeRxstop) {
    Script script;
    script.set_up();
    script.send(1, "a");
    script.says("radio_rx  4142");
    script.says("ok");
    EXPECT_EQ(script.last(), "radio get snr");
    script.says("-7");
    script.says("-101");
    ASSERT_EQ(script.heard.size(), 1u);
    EXPECT_EQ(script.heard[0].bytes, "AB");
    EXPECT_EQ(script.heard[0].snr_db, -7.0F);
    EXPECT_EQ(script.heard[0].rssi_dbm, -101);
    EXPECT_EQ(script.last(), "radio tx 61");
}

TEST(Rn2483, ListensAgainAfterEachPacketAlsoWithoutAnswersAboutIt) {
    Script script;
    script.set_up();
    script.says("radio_rx  00");
    EXPECT_EQ(script.last(), "radio get snr");
    script.later(milliseconds(300));
    EXPECT_EQ(script.last(), "radio rx 0");
    ASSERT_EQ(script.heard.size(), 1u);
    EXPECT_FALSE(script.heard[0].snr_db.has_value());
    script.says("9");  // late
    script.says("ok");
    script.says("radio_rx ");
    script.says("invalid_param");  // old firmware does not know the question
    EXPECT_EQ(script.heard.size(), 2u);
    EXPECT_EQ(script.last(), "radio rx 0");
    script.says("ok");
    script.says("radio_rx  01");
    EXPECT_EQ(script.last(), "radio rx 0") << "and is not asked again";
}

TEST(Rn2483, AnErrorWhileListeningIsADamagedPacketUnlessTheWatchdogEndsIt) {
    Script script;
    script.set_up();
    script.says("radio_err");
    EXPECT_EQ(script.broken, 1);
    EXPECT_EQ(script.last(), "radio rx 0");
    script.says("ok");
    script.says("radio_rx  0G");
    script.says("ok");
    script.says("radio_rx  012");
    script.says("ok");
    EXPECT_EQ(script.broken, 3) << "hex that is none";
    script.now += milliseconds(60'000);
    script.says("radio_err");
    EXPECT_EQ(script.broken, 3);
}

TEST(Rn2483, BusyIsTriedAgainAndThenSaid) {
    Script script;
    script.set_up();
    script.send(1, "a");
    script.says("ok");
    script.says("busy");
    script.later(milliseconds(150));
    EXPECT_EQ(script.last(), "radio rxstop");
    script.says("ok");
    EXPECT_EQ(script.last(), "radio tx 61");
    for (int i = 0; i < 10 && script.reports.empty(); ++i) {
        script.says("busy");
        script.later(milliseconds(150));
        script.says("ok");
    }
    EXPECT_EQ(script.fate(1), FrameFate::Busy);
}

TEST(Rn2483, WhatNeverAnswersFailsAndIsSetUpAgain) {
    Script script;
    script.set_up();
    script.send(1, "a");
    script.says("ok");
    script.says("ok");
    script.later(milliseconds(60'000));
    EXPECT_EQ(script.fate(1), FrameFate::Failed);
    EXPECT_FALSE(script.driver.ready());
    EXPECT_EQ(script.last(), "sys get ver");
    for (int i = 0; i < 10; ++i) script.later(milliseconds(1'000));
    EXPECT_EQ(script.reopened, 1);
    EXPECT_NE(script.driver.why_down().find("no answer"), std::string::npos);
}

TEST(Rn2483, ASilentListenerIsAskedWhetherItStillListens) {
    Script script;
    script.set_up();
    script.later(milliseconds(121'000));
    EXPECT_EQ(script.last(), "radio rxstop");
    script.says("ok");
    EXPECT_EQ(script.last(), "radio rx 0");
    EXPECT_TRUE(script.driver.ready());
}

TEST(Rn2483, AnotherValueReadBackIsSaid) {
    Script script;
    script.says("RN2483 1.0.5 x");
    for (int i = 0; i < 60 && script.driver.why_down().find("radio get") == std::string::npos;
         ++i) {
        const bool get = script.last().rfind("radio get pwr", 0) == 0;
        if (script.last() == "mac pause") {
            script.says("12");
        } else if (script.last() == "radio get mod") {
            script.says("lora");
        } else {
            script.says(get ? "3" : "ok");
        }
    }
    EXPECT_EQ(script.driver.why_down(), "the modem answers `3` to `radio get pwr`");
    script.later(milliseconds(31'000));
    EXPECT_EQ(script.last(), "sys get ver") << "and it is tried again";
}

TEST(Rn2483, FramesItCannotTakeAreReportedAtOnce) {
    Script script;
    script.send(1, "early");
    script.set_up();
    script.send(2, "");
    script.send(3, std::string(256, 'a'));
    script.send(4, "a", "somebody");
    script.send(5, "a");
    script.send(6, "b");
    EXPECT_EQ(script.fate(1), FrameFate::Failed);
    EXPECT_EQ(script.fate(2), FrameFate::TooLong);
    EXPECT_EQ(script.fate(3), FrameFate::TooLong);
    EXPECT_EQ(script.fate(4), FrameFate::Failed);
    EXPECT_EQ(script.fate(6), FrameFate::NoRoom);
    const auto closed = script.driver.closed(script.now);
    ASSERT_EQ(closed.reports.size(), 1u);
    EXPECT_EQ(closed.reports[0].id, 5u);
}

TEST(Rn2483, DeafForAboutAsLongAsTheHexOfAPacketTakes) {
    ModemSettings settings;
    const Driver driver(settings);
    EXPECT_GT(driver.limits().deaf, milliseconds(91));
    EXPECT_LT(driver.limits().deaf, milliseconds(150));
    settings.more["quality"] = "no";
    EXPECT_LT(Driver(settings).limits().deaf, driver.limits().deaf);
}

TEST(Rn2483Lines, NoiseOfAnyLengthTakesNoMemoryAndTheNextLineIsRead) {
    LineReader reader;
    for (int i = 0; i < 1'000; ++i) EXPECT_TRUE(reader.feed(std::string(1'000, 'x')).empty());
    EXPECT_TRUE(reader.feed("\r\n").empty());
    const auto lines = reader.feed(
        "o"
        "k\r\nradio_rx  " +
        std::string(512, '0') + "\r\n");
    ASSERT_EQ(lines.size(), 2u);
    EXPECT_EQ(lines[0].answer, Answer::Ok);
    EXPECT_EQ(lines[1].answer, Answer::BrokenPacket);
}

}  // namespace
}  // namespace waypost::rn2483
