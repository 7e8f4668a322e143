// SPDX-License-Identifier: Apache-2.0
#include "gateway/base/random.h"
#include "radio/lora_modem/rylr998/driver.h"
#include "radio/lora_modem/rylr998/payload.h"
#include "script.h"

namespace waypost::rylr998 {
namespace {

using lora_modem::Script;

ModemSettings usual() {
    ModemSettings settings;
    settings.lora = {.spreading_factor = 9, .bandwidth_hz = 125'000, .preamble_symbols = 8};
    settings.power_dbm = 14;
    return settings;
}

std::string all_values() {
    std::string all;
    for (int i = 0; i < 256; ++i) all += static_cast<char>(i);
    return all;
}

// A module that is already set as it shall be.
void set_up(Script& script, const FrameRadio& driver) {
    for (const char* line : {"+OK", "+VER=RYLR998_REYAX_V1.2.3", "+MODE=0", "+BAND=868500000",
                             "+NETWORKID=18", "+ADDRESS=7", "+PARAMETER=9,7,1,8", "+CRFOP=14"})
        script.says(std::string(line) + "\r\n");
    ASSERT_TRUE(driver.ready()) << script.wrote;
}

TEST(Rylr998, SettingsThatNoModuleHasAreRefusedWithASentence) {
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
    EXPECT_EQ(why([](auto& s) { s.lora.spreading_factor = 10; }),
              "an RYLR998 has SF7 to SF9 at 125 kHz, not SF10");
    EXPECT_EQ(why([](auto& s) {
                  s.lora.spreading_factor = 11;
                  s.lora.bandwidth_hz = 250'000;
              }),
              "an RYLR998 has SF7 to SF10 at 250 kHz, not SF11");
    EXPECT_EQ(why([](auto& s) {
                  s.lora.spreading_factor = 11;
                  s.lora.bandwidth_hz = 500'000;
              }),
              "taken");
    EXPECT_EQ(why([](auto& s) { s.network = 2; }),
              "the network of an RYLR998 is 3 to 15 or 18, not 2");
    EXPECT_EQ(why([](auto& s) {
                  s.network = 5;
                  s.lora.preamble_symbols = 16;
              }),
              "in network 5 the preamble is 12, not 16: only network 18 has others");
    EXPECT_NE(why([](auto& s) { s.power_dbm = 23; }), "taken");
    EXPECT_NE(why([](auto& s) { s.more["payload"] = "morse"; }), "taken");
    EXPECT_NE(why([](auto& s) { s.more["address"] = "70000"; }), "taken");
    EXPECT_NE(why([](auto& s) { s.more["address"] = "x"; }), "taken");
}

TEST(Rylr998, OnlyWhatDiffersIsSetAndThatIsReadBack) {
    ModemSettings settings = usual();
    settings.frequency_hz = 869'525'000;
    Driver driver(settings);
    Script script(driver);
    for (const char* line : {"+OK", "+VER=RYLR498_REYAX_V1.2.3", "+MODE=0", "+BAND=868500000",
                             "+NETWORKID=18", "+ADDRESS=7", "+PARAMETER=9,7,1,8", "+CRFOP=14"})
        script.says(std::string(line) + "\r\n");
    EXPECT_EQ(script.wrote, "AT+BAND=869525000\r\n");
    script.says("+OK\r\n");
    EXPECT_EQ(script.wrote, "AT+BAND?\r\n");
    EXPECT_FALSE(driver.ready());
    script.says("+OK\r\n");  // twice
    script.says("+BAND=869525000\r\n");
    EXPECT_TRUE(driver.ready());
    EXPECT_EQ(driver.details().at("model"), "RYLR498");
    EXPECT_EQ(driver.details().at("address"), "7");
}

TEST(Rylr998, AnotherModuleAndARefusedValueAreSaid) {
    Driver older(usual());
    Script script(older);
    script.says("+OK\r\n+VER=RYLR89C_V1.2.7\r\n");
    EXPECT_EQ(older.why_down(), "an RYLR998 or RYLR498 is wanted; this is RYLR89C_V1.2.7");
    Driver driver(usual());
    Script refused(driver);
    for (const char* line :
         {"+OK", "+VER=RYLR998_REYAX_V1.2.3", "+MODE=0", "+BAND=868500000", "+NETWORKID=18",
          "+ADDRESS=7", "+PARAMETER=9,7,1,8", "+CRFOP=22", "+ERR=4", "+ERR=4", "+ERR=4"})
        refused.says(std::string(line) + "\r\n");
    EXPECT_EQ(
        driver.why_down(),
        "the modem answers `+ERR=4` to `AT+CRFOP=14`: it does not know the command or the value");
}

TEST(Rylr998, NoAnswerIsSaidAndTheLineOpenedAgain) {
    Driver driver(usual());
    Script script(driver);
    for (int i = 0; i < 4; ++i) script.later(milliseconds(1'000));
    EXPECT_EQ(script.reopened, 1);
    EXPECT_NE(driver.why_down().find("no answer"), std::string::npos);
}

TEST(Rylr998, ASentFrameIsReportedWhenItHasLeftTheAntenna) {
    Driver driver(usual());
    Script script(driver);
    set_up(script, driver);
    script.send(1, "hi", "12");
    EXPECT_EQ(script.wrote, "AT+SEND=12,4," + as_text("hi") + "\r\n");
    EXPECT_EQ(driver.room(), 0);
    script.says("+OK\r\n");  // at once: it cannot have been sent yet
    EXPECT_TRUE(script.reports.empty());
    script.later(std::chrono::ceil<milliseconds>(driver.airtime(2)) + milliseconds(60));
    EXPECT_EQ(script.fate(1), FrameFate::Sent);
    script.send(2, "hi");
    EXPECT_EQ(script.wrote, "AT+SEND=0,4," + as_text("hi") + "\r\n");
    script.now += milliseconds(1'000);
    script.says("+OK\r\n+OK\r\n");
    EXPECT_EQ(script.fate(2), FrameFate::Sent);
    EXPECT_EQ(script.reports.size(), 2u);
}

TEST(Rylr998, ErrorsAreFatesAndThoseOfHearingAreNot) {
    Driver driver(usual());
    Script script(driver);
    set_up(script, driver);
    std::uint32_t id = 0;
    for (const auto& [error, fate] : {std::pair{17, FrameFate::Busy},
                                      {13, FrameFate::TooLong},
                                      {10, FrameFate::Failed},
                                      {5, FrameFate::Failed},
                                      {15, FrameFate::Failed}}) {
        script.send(++id, "a");
        script.says("+ERR=12\r\n+ERR=19\r\n");
        EXPECT_EQ(script.reports.count(id), 0u);
        script.says("+ERR=" + std::to_string(error) + "\r\n");
        EXPECT_EQ(script.fate(id), fate) << error;
        EXPECT_EQ(driver.room(), 0) << "what else the error says goes by";
        script.says("+ERR=2\r\n");
        script.later(milliseconds(200));
        EXPECT_EQ(driver.room(), 1);
    }
    EXPECT_EQ(script.broken, 10);
}

TEST(Rylr998, WhatNeverAnswersOrIsResetFails) {
    Driver driver(usual());
    Script script(driver);
    set_up(script, driver);
    script.send(1, "a");
    script.later(milliseconds(10'000));
    EXPECT_EQ(script.fate(1), FrameFate::Failed);
    EXPECT_EQ(script.wrote, "AT\r\n");
    set_up(script, driver);
    script.send(2, "a");
    script.says("+READY\r\n");
    EXPECT_EQ(script.fate(2), FrameFate::Failed);
    EXPECT_FALSE(driver.ready());
    set_up(script, driver);
    script.send(3, "a");
    script.close();
    EXPECT_EQ(script.fate(3), FrameFate::Failed);
}

TEST(Rylr998, FramesItCannotTakeAreReportedAtOnce) {
    Driver driver(usual());
    Script script(driver);
    script.send(1, "early");
    set_up(script, driver);
    script.send(2, "");
    script.send(3, std::string(kMostText + 1, 'a'));
    for (const char* to : {"0", "70000", "-1", "1,1", "12a"}) {
        script.send(4, "a", to);
        EXPECT_EQ(script.fate(4), FrameFate::Failed) << to;
        script.reports.erase(4);
    }
    script.send(5, "a");
    script.send(6, "a");
    EXPECT_EQ(script.fate(1), FrameFate::Failed);
    EXPECT_EQ(script.fate(2), FrameFate::TooLong);
    EXPECT_EQ(script.fate(3), FrameFate::TooLong);
    EXPECT_EQ(script.fate(6), FrameFate::NoRoom);
}

TEST(Rylr998, DataAreTakenByTheirLengthWhateverIsInThem) {
    Driver driver(usual());
    Script script(driver);
    set_up(script, driver);
    const std::string data = "a,5,\r\n+ERR=17\r\n+RCV=1,2,ab,-1,1\r\n" + std::string("\0\xff", 2);
    const std::string line = "+RCV=50," + std::to_string(data.size()) + ',' + data + ",-99,-12\r\n";
    for (const char byte : line) script.says({&byte, 1});
    script.says("+RCV=0,0,,-1,4\r\n");
    ASSERT_EQ(script.heard.size(), 2u);
    EXPECT_EQ(script.heard[0].bytes, data);
    EXPECT_EQ(script.heard[0].from, "50");
    EXPECT_EQ(script.heard[0].rssi_dbm, -99);
    EXPECT_EQ(script.heard[0].snr_db, -12.0F);
    EXPECT_EQ(script.heard[1].bytes, "");
    EXPECT_EQ(script.heard[1].from, "");
}

TEST(Rylr998, APacketThatNeverEndsIsGivenUpAndTheNextOneHeard) {
    Driver driver(usual());
    Script script(driver);
    set_up(script, driver);
    script.says("+RCV=50,200,abc");  // the firmware swallowed the rest
    script.later(milliseconds(400));
    EXPECT_EQ(script.broken, 1);
    script.says("+RCV=50,3,abc,-99,9\r\n");
    ASSERT_EQ(script.heard.size(), 1u);
    script.says("+RCV=50,999,abc,-99,9\r\n+RCV=x\r\n+RCV=50,3,abcd,1,1\r\n");
    EXPECT_EQ(script.broken, 4);
    script.says("+ER+RCV=50,3,xyz,-99,9\r\n");
    ASSERT_EQ(script.heard.size(), 2u);
    EXPECT_EQ(script.heard[1].bytes, "xyz");
}

TEST(Rylr998, AFrameRefusedAsItIsMakesItText) {
    ModemSettings settings = usual();
    settings.more["payload"] = "binary";
    Driver driver(settings);
    Script script(driver);
    set_up(script, driver);
    EXPECT_EQ(driver.limits().payload, kMostBinary);
    script.send(1, all_values().substr(0, 200));
    script.says("+ERR=5\r\n");
    EXPECT_EQ(script.fate(1), FrameFate::Failed);
    EXPECT_EQ(driver.limits().payload, kMostText);
    EXPECT_NE(driver.details().at("payload").find("refused"), std::string::npos);
}

TEST(Rylr998Payload, EveryFrameComesBackAndTextIsPrintable) {
    const auto random = seeded_random(3);
    for (std::size_t size = 0; size <= kMostBinary; ++size) {
        std::string frame;
        while (frame.size() < size) frame += static_cast<char>(random->next());
        if (size % 3 == 0 && size > 0) frame[0] = size % 2 == 0 ? '~' : '}';
        EXPECT_EQ(frame_of(as_it_is(frame)), frame);
        const std::string text = as_text(frame);
        EXPECT_EQ(frame_of(text), frame);
        EXPECT_EQ(text.size(), size_as_text(size));
        EXPECT_EQ(text.find_first_of(std::string("\r\n, \"\\\0", 7)), std::string::npos);
    }
    EXPECT_EQ(frame_of(as_text(all_values())), all_values());
    EXPECT_LE(size_as_text(kMostText), kMostOnAir);
    EXPECT_GT(size_as_text(kMostText + 1), kMostOnAir);
    EXPECT_EQ(as_it_is(std::string(kMostBinary, '~')).size(), kMostOnAir);
}

TEST(Rylr998Payload, DamagedTextIsNoFrame) {
    for (const char* text : {"~0", "~0000 ", "~000000", "~#####", "~##", "~z,", "~01"})
        EXPECT_FALSE(frame_of(text).has_value()) << text;
    EXPECT_EQ(frame_of("~"), "");
    EXPECT_EQ(frame_of("~00"), std::string(1, '\0'));
}

TEST(Rylr998, AirtimeHasTheModulesEightBytes) {
    ModemSettings settings = usual();
    settings.network = 18;
    settings.more["payload"] = "binary";
    const Driver driver(settings);
    EXPECT_EQ(driver.airtime(20), time_on_air(settings.lora, 20 + 1 + 8));
    settings.more["payload"] = "text";
    EXPECT_EQ(Driver(settings).airtime(20), time_on_air(settings.lora, 26 + 8));
}

}  // namespace
}  // namespace waypost::rylr998
