// SPDX-License-Identifier: Apache-2.0
#include "gateway/base/random.h"
#include "radio/framing/cobs_frames.h"
#include "radio/lora_modem/e22/driver.h"
#include "script.h"

namespace waypost::e22 {
namespace {

using namespace std::string_literals;
using lora_modem::Script;

const std::string kAsked = "\xC1\x00\x07"s;
const std::string kFactory = kAsked + "\x12\x34\x00\x62\x00\x17\x03"s;
const std::string kWanted = "\x00\x00\x00\x62\x06\x12\x83"s;  // 10 dBm is code 3, 13 dBm 2
const std::string kEnter = "\xC0\xC1\xC2\xC3\x02\x01"s;
const std::string kLeave = "\xC0\xC1\xC2\xC3\x02\x00"s;

ModemSettings usual() {
    ModemSettings settings;
    settings.frequency_hz = 868'125'000;  // channel 12 hex
    settings.power_dbm = 14;
    return settings;
}

ModemSettings as_it_is() {
    ModemSettings settings = usual();
    settings.more["configured"] = "yes";
    return settings;
}

TEST(E22, IsSetUpReadBackAndLeftByCommand) {
    Driver driver(usual());
    Script script(driver);
    EXPECT_EQ(script.baud, 9'600);
    EXPECT_EQ(script.wrote, kAsked);
    script.says(kFactory);
    EXPECT_EQ(script.wrote, "\xC2\x00\x07"s + kWanted) << "not kept over power-off";
    script.says(kAsked + kWanted);
    EXPECT_EQ(script.wrote, kAsked);
    script.says(kAsked + kWanted);
    EXPECT_EQ(script.wrote, kLeave);
    EXPECT_FALSE(driver.ready());
    script.says(kLeave.substr(1));
    EXPECT_TRUE(driver.ready());
    EXPECT_EQ(driver.details().at("channel"), "18");
    EXPECT_EQ(driver.details().at("power_dbm"), "13") << "the next step below what was said";
}

TEST(E22, AnOldModuleWaitsForItsSwitch) {
    ModemSettings settings = usual();
    settings.more["keep"] = "yes";
    settings.more["baud"] = "115200";
    Driver driver(settings);
    Script script(driver);
    script.says(kFactory);
    EXPECT_EQ(script.wrote.substr(0, 3), "\xC0\x00\x07"s);
    std::string old = script.wrote.substr(3);
    old[4] = static_cast<char>(old[4] & ~4);
    script.says(kAsked + old);
    script.says(kAsked + old);
    EXPECT_EQ(script.wrote, kLeave);
    script.says("\xFF\xFF\xFF"s);
    EXPECT_NE(driver.why_down().find("put its switch or button back"), std::string::npos);
    for (int i = 0; i < 5; ++i) {
        EXPECT_EQ(script.wrote, kAsked);
        script.says(kAsked + old);
        script.later(milliseconds(3'000));
        EXPECT_FALSE(driver.ready());
    }
    script.later(milliseconds(3'000));
    script.later(milliseconds(3'000));
    EXPECT_TRUE(driver.ready()) << "it answers no more";
    EXPECT_EQ(script.baud, 115'200);
}

TEST(E22, WhatDoesNotAnswerIsAskedTwiceAndThenLeftAloneForLong) {
    Driver driver(usual());
    Script script(driver);
    script.later(milliseconds(500));
    EXPECT_EQ(script.wrote, kAsked);
    script.later(milliseconds(500));
    EXPECT_EQ(script.wrote, kEnter);
    script.later(milliseconds(500));
    EXPECT_NE(driver.why_down().find("M1 on, M0 off"), std::string::npos);
    EXPECT_NE(driver.why_down().find("configured = yes"), std::string::npos);
    script.wrote.clear();
    script.later(milliseconds(500'000));
    EXPECT_EQ(script.wrote, "") << "what it asks a module in transmission mode goes on air";
    script.says("text that is heard meanwhile");
    script.later(milliseconds(100'000));
    EXPECT_EQ(script.wrote, kAsked);
}

TEST(E22, EntersConfigurationByCommandWhereItMay) {
    Driver driver(usual());
    Script script(driver);
    script.later(milliseconds(500));
    script.later(milliseconds(500));
    script.says(kEnter.substr(1));
    EXPECT_EQ(script.wrote, kAsked);
    script.says(kFactory);
    EXPECT_EQ(script.wrote.substr(0, 3), "\xC2\x00\x07"s);
}

TEST(E22, AModuleThatEntersConfigurationAndIsSilentThereIsGivenUp) {
    Driver driver(usual());
    Script script(driver);
    for (int i = 0; i < 2; ++i) script.later(milliseconds(500));
    script.says(kEnter.substr(1));
    for (int i = 0; i < 3; ++i) script.later(milliseconds(500));
    EXPECT_NE(driver.why_down().find("says nothing there"), std::string::npos);
    script.wrote.clear();
    script.later(milliseconds(500'000));
    EXPECT_EQ(script.wrote, "");
}

TEST(E22, ARefusalAndAWrongAnswerAreSaid) {
    Driver refused(usual());
    Script script(refused);
    script.says(kFactory);
    script.says("\xFF\xFF\xFF"s);
    script.says("\xFF\xFF\xFF"s);
    EXPECT_EQ(refused.why_down(), "the E22 refuses its settings");
    Driver wrong(usual());
    Script other(wrong);
    other.says(kFactory);
    other.says(kAsked + kWanted);
    other.says(kFactory);
    other.says(kFactory);
    EXPECT_EQ(wrong.why_down(), "the E22 did not take its settings");
    Driver echo(usual());
    Script mirror(echo);
    for (int i = 0; i < 6; ++i) {
        mirror.says(mirror.wrote);
        mirror.later(milliseconds(500));
    }
    EXPECT_FALSE(echo.ready()) << "an echo is no E22";
}

TEST(E22, SettingsThatNoModuleHasAreRefused) {
    const auto why = [](auto change) {
        ModemSettings settings = usual();
        change(settings);
        try {
            const Driver driver(settings);
            return std::string("taken");
        } catch (const std::runtime_error& e) {
            return std::string(e.what());
        }
    };
    EXPECT_EQ(why([](auto& s) { s.frequency_hz = 869'525'000; }),
              "an E22 has a channel each MHz; the one next to 869525000 Hz is 869125000");
    EXPECT_EQ(why([](auto& s) { s.frequency_hz = 433'125'000; }), "taken");
    EXPECT_EQ(why([](auto& s) { s.power_dbm = 9; }),
              "the least power of this E22 is 10 dBm, not 9");
    EXPECT_NE(why([](auto& s) { s.more["power_steps"] = "30"; }), "taken");
    for (const auto& [key, value] : {std::pair{"air_rate", "3"},
                                     {"baud", "9601"},
                                     {"baud", "14400"},
                                     {"keep", "perhaps"},
                                     {"measured", "10:20"},
                                     {"measured", "10:20,5:30"},
                                     {"measured", "10:20,20:15"},
                                     {"measured", "10:20,20:30x"},
                                     {"measured", ""},
                                     {"colour", "red"}}) {
        EXPECT_NE(why([key = key, value = value](auto& s) { s.more[key] = value; }), "taken")
            << key << ' ' << value;
    }
    EXPECT_NE(why([](auto& s) { s.network = 256; }), "taken");
}

TEST(E22, AFrameCountsAsSentWhenItsTimeIsOver) {
    Driver driver(as_it_is());
    Script script(driver);
    ASSERT_TRUE(driver.ready());
    script.send(1, "hello");
    EXPECT_EQ(script.wrote, cobs_frame("hello"));
    script.later(std::chrono::floor<milliseconds>(driver.airtime(5)));
    EXPECT_TRUE(script.reports.empty());
    EXPECT_EQ(driver.room(), 0);
    script.send(2, "too early");
    EXPECT_EQ(script.fate(2), FrameFate::NoRoom);
    script.later(milliseconds(60));
    EXPECT_EQ(script.fate(1), FrameFate::Sent);
    script.send(3, std::string(driver.limits().payload + 1, 'a'));
    EXPECT_EQ(script.fate(3), FrameFate::TooLong);
    script.send(4, "a", "somebody");
    EXPECT_EQ(script.fate(4), FrameFate::Failed);
    script.send(5, std::string(driver.limits().payload, 'a'));
    EXPECT_LE(script.wrote.size(), 240u) << "one packet on air";
    script.close();
    EXPECT_EQ(script.fate(5), FrameFate::Failed);
}

TEST(E22, AirtimeIsEstimatedOrMeasuredWithATenthMore) {
    EXPECT_EQ(Driver(usual()).airtime(80), std::chrono::microseconds(388'666))
        << "20 ms, 84 bytes as framed and 16 of header at 2400 bit/s, and a tenth";
    ModemSettings settings = usual();
    settings.more["measured"] = "10:200,210:1200";
    EXPECT_EQ(Driver(settings).airtime(110), milliseconds(770));
    EXPECT_EQ(Driver(settings).details().count("airtime"), 0u) << "before it is known what it is";
}

class E22Hears : public ::testing::Test {
  public:
    void silent() { script.later(milliseconds(50)); }

    Driver driver{as_it_is()};
    Script script{driver};
    const std::string rssi = "\xA6"s;  // -90 dBm
};

TEST_F(E22Hears, TheByteBehindAFrameIsItsRssi) {
    script.says(cobs_frame("one") + rssi);
    EXPECT_TRUE(script.heard.empty()) << "more may come";
    silent();
    ASSERT_EQ(script.heard.size(), 1u);
    EXPECT_EQ(script.heard[0].bytes, "one");
    EXPECT_EQ(script.heard[0].rssi_dbm, -90);
    script.says(cobs_frame("two") + rssi + cobs_frame("three"));
    script.says(rssi);
    silent();
    ASSERT_EQ(script.heard.size(), 3u);
    EXPECT_EQ(script.heard[1].rssi_dbm, -90);
    EXPECT_EQ(script.heard[2].rssi_dbm, -90);
    EXPECT_EQ(script.broken, 0);
}

TEST_F(E22Hears, FramesInOnePacketHaveOneRssi) {
    script.says(cobs_frame("one") + cobs_frame("two") + rssi);
    silent();
    ASSERT_EQ(script.heard.size(), 2u);
    EXPECT_FALSE(script.heard[0].rssi_dbm.has_value());
    EXPECT_EQ(script.heard[1].rssi_dbm, -90);
}

TEST_F(E22Hears, AFrameInTwoPacketsIsWholeWithoutTheByteBetween) {
    const std::string frame = cobs_frame("a frame in two packets");
    script.says(frame.substr(0, 9) + rssi);
    silent();
    script.says(frame.substr(9) + rssi);
    silent();
    ASSERT_EQ(script.heard.size(), 1u);
    EXPECT_EQ(script.heard[0].bytes, "a frame in two packets");
    EXPECT_EQ(script.heard[0].rssi_dbm, -90);
    EXPECT_EQ(script.broken, 0);
}

TEST_F(E22Hears, WhatIsDamagedOrNeverEndsIsCountedAndTheNextFrameHeard) {
    std::string frame = cobs_frame("damaged");
    frame[3] = '!';
    script.says(frame + rssi);
    silent();
    EXPECT_EQ(script.broken, 1);
    script.says(cobs_frame("good") + rssi);
    silent();
    EXPECT_EQ(script.heard.size(), 1u);
    script.says(frame.substr(0, 5));
    script.later(milliseconds(60));
    script.later(milliseconds(5'000));
    EXPECT_EQ(script.broken, 2);
    script.says(std::string(5'000, 'x') + '+');
    EXPECT_EQ(script.broken, 3);
    script.says(cobs_frame("again"));
    silent();
    ASSERT_EQ(script.heard.size(), 2u);
    EXPECT_EQ(script.heard[1].bytes, "again");
    EXPECT_FALSE(script.heard[1].rssi_dbm.has_value());
}

}  // namespace
}  // namespace waypost::e22
