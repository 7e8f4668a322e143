// SPDX-License-Identifier: Apache-2.0
// The driver against scripted answers: what it writes, and what it makes of what it is told.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>

#include "radio/rnode/rnode_radio.h"

namespace waypost::rnode {
namespace {

using std::chrono::seconds;
using testing::HasSubstr;

std::string one(unsigned value) { return {static_cast<char>(value)}; }

class RnodeTest : public testing::Test {
  protected:
    RnodeTest() {
        Options options;
        options.frequency_hz = 869'525'000;
        options.lora = {9, 125'000, 5, 18, true, true};
        options.power_dbm = 14;
        options.long_airtime = 1000;
        radio_ = std::make_unique<RnodeRadio>(options);
    }
    std::string identity(unsigned minor = 74) {
        return command(kDetect, {kDetectAnswer}) + command(kFirmware, one(1) + one(minor)) +
               command(kPlatform, one(0x80)) + command(kMcu, one(0x81));
    }
    std::string echoes(std::uint32_t hz = 869'525'000, unsigned power = 14) {
        return command(kFrequency, big_endian(hz, 4)) +
               command(kBandwidth, big_endian(125'000, 4)) + command(kTxPower, one(power)) +
               command(kSpreadingFactor, one(9)) + command(kCodingRate, one(5)) +
               command(kLongAirtime, big_endian(1000, 2));
    }
    RadioActions say(const std::string& bytes) { return radio_->received(bytes, now_); }
    RadioActions wait() {
        now_ = std::max(now_, radio_->next_tick());
        return radio_->tick(now_);
    }
    void set_up() {
        radio_->opened(now_);
        wait();
        say(identity());
        say(echoes());
        say(command(kRadioState, one(1)));
        ASSERT_TRUE(radio_->ready()) << radio_->why_down();
    }
    FrameFate fate_of(const RadioActions& actions) {
        EXPECT_EQ(actions.reports.size(), 1u);
        return actions.reports.empty() ? FrameFate::Busy : actions.reports[0].fate;
    }

    BoxTime now_ = box_from_ms(1'000'000);
    std::unique_ptr<RnodeRadio> radio_;
};

TEST_F(RnodeTest, StartsStepByStep) {
    EXPECT_EQ(radio_->opened(now_).write, "") << "it may be starting";
    EXPECT_EQ(radio_->next_tick(), now_ + seconds(2));
    EXPECT_EQ(wait().write,
              std::string("\xC0\x08\x73\xC0\xC0\x50\0\xC0\xC0\x48\0\xC0\xC0\x49\0\xC0", 16));
    EXPECT_EQ(say(identity()).write,
              std::string("\xC0\x01\x33\xD3\xE6\x08\xC0\xC0\x02\0\x01\xE8\x48\xC0\xC0\x03\x0E\xC0"
                          "\xC0\x04\x09\xC0\xC0\x05\x05\xC0\xC0\x0C\x03\xE8\xC0",
                          31));
    EXPECT_FALSE(radio_->ready());
    EXPECT_EQ(say(echoes(869'524'950)).write, "\xC0\x06\x01\xC0") << "within 100 Hz";
    EXPECT_FALSE(radio_->ready());
    EXPECT_TRUE(say(command(kRadioState, one(1))).changed);
    EXPECT_TRUE(radio_->ready());
    EXPECT_EQ(radio_->details().at("firmware"), "1.74");
    EXPECT_EQ(radio_->details().at("platform"), "ESP32");
    EXPECT_EQ(radio_->limits().payload, 254u);
    EXPECT_TRUE(radio_->limits().keeps_law);
}

TEST_F(RnodeTest, NothingIsSentBeforeEveryValueIsReadBack) {
    radio_->opened(now_);
    wait();
    say(identity());
    say(echoes().substr(0, 20));
    wait();
    EXPECT_FALSE(radio_->ready());
    EXPECT_THAT(radio_->why_down(), HasSubstr("does not confirm"));
    EXPECT_EQ(fate_of(radio_->send({1, "x", ""}, now_)), FrameFate::Failed);
}

TEST_F(RnodeTest, AValueThatItDoesNotTakeIsNamed) {
    radio_->opened(now_);
    wait();
    say(identity());
    EXPECT_EQ(say(echoes(869'525'000, 17)).write, "");
    EXPECT_THAT(radio_->why_down(), HasSubstr("power_dbm = 14, it has 17"));
    wait();
    say(identity());
    say(echoes(869'525'101));
    EXPECT_THAT(radio_->why_down(), HasSubstr("frequency = 869525000, it has 869525101"));
    wait();
    say(identity());
    say(echoes());
    say(command(kRadioState, one(1)));
    EXPECT_TRUE(radio_->ready()) << "it is asked again after a while";
}

TEST_F(RnodeTest, OldFirmwareIsToldToBeUpdated) {
    radio_->opened(now_);
    wait();
    EXPECT_EQ(say(identity(51)).write, "");
    EXPECT_THAT(radio_->why_down(), HasSubstr("firmware 1.51: update it to 1.52"));
    wait();
    EXPECT_NE(say(identity(52)).write, "");
}

TEST_F(RnodeTest, ASilentLineIsOpenedAgain) {
    radio_->opened(now_);
    for (int i = 0; i < 3; ++i) EXPECT_FALSE(wait().reopen);
    EXPECT_TRUE(wait().reopen);
    EXPECT_THAT(radio_->why_down(), HasSubstr("no RNode answers"));
    EXPECT_EQ(radio_->closed(now_).reports.size(), 0u);
    EXPECT_EQ(radio_->next_tick(), BoxTime::max());
}

TEST_F(RnodeTest, WhatOnlyEchoesIsNotTakenForOne) {
    radio_->opened(now_);
    EXPECT_TRUE(radio_->details().empty()) << "a search takes any for a modem that is found";
    say(wait().write);
    EXPECT_TRUE(radio_->details().empty());
    say(command(kFirmware, one(1) + one(74)));
    EXPECT_EQ(radio_->details().at("firmware"), "1.74");
    EXPECT_EQ(radio_->details().at("preamble"), "18");
}

TEST_F(RnodeTest, OneFrameAtATimeUntilItIsReady) {
    set_up();
    EXPECT_EQ(radio_->room(), 1);
    EXPECT_EQ(radio_->send({7, "\xC0hi", ""}, now_).write, std::string("\xC0\0\xDB\xDChi\xC0", 7));
    EXPECT_EQ(radio_->room(), 0);
    EXPECT_EQ(fate_of(radio_->send({8, "x", ""}, now_)), FrameFate::NoRoom);
    const auto ready = say(command(kReady, one(1)));
    EXPECT_EQ(fate_of(ready), FrameFate::Sent);
    EXPECT_EQ(ready.reports[0].id, 7u);
    EXPECT_TRUE(say(command(kReady, one(1))).reports.empty()) << "said twice";
    EXPECT_EQ(fate_of(radio_->send({9, std::string(255, 'x'), ""}, now_)), FrameFate::TooLong);
    EXPECT_EQ(fate_of(radio_->send({10, "", ""}, now_)), FrameFate::Failed);
    EXPECT_EQ(fate_of(radio_->send({11, "x", "somebody"}, now_)), FrameFate::Failed);
}

TEST_F(RnodeTest, AirtimeCountsItsOwnByteAndPreamble) {
    set_up();
    LoraParams lora{9, 125'000, 5, 18, true, true};
    EXPECT_EQ(radio_->airtime(10), time_on_air(lora, 11));
    EXPECT_EQ(radio_->airtime(254), time_on_air(lora, 255));
    EXPECT_EQ(radio_->airtime(255), time_on_air(lora, 255) + time_on_air(lora, 2)) << "two frames";
    say(command(kPhy, std::string("\0\0\0\0\0\x28\0\0\0\0\0\0", 12)));
    lora.preamble_symbols = 40;
    EXPECT_EQ(radio_->airtime(10), time_on_air(lora, 11)) << "as it says itself";
    say(command(kPhy, std::string("\0\0\0\0\xFF\xFF", 6)) + command(kPhy, "x"));
    EXPECT_EQ(radio_->airtime(10), time_on_air(lora, 11)) << "nonsense";
}

TEST_F(RnodeTest, SignalStrengthIsOfThePacketThatFollows) {
    set_up();
    auto heard = say(command(kRssi, one(57)) + command(kSnr, one(0xF6)) + command(kData, "a") +
                     command(kData, "b"))
                     .heard;
    ASSERT_EQ(heard.size(), 2u);
    EXPECT_EQ(heard[0].bytes, "a");
    EXPECT_EQ(heard[0].rssi_dbm, -100);
    EXPECT_EQ(heard[0].snr_db, -2.5F);
    EXPECT_FALSE(heard[1].rssi_dbm || heard[1].snr_db) << "not told";
    heard = say(command(kData, std::string(508, 'x'))).heard;
    ASSERT_EQ(heard.size(), 1u) << "two LoRa frames that it has joined";
    const auto actions = say(command(kData, std::string(509, 'x')) + "\xDBz\xC0");
    EXPECT_TRUE(actions.heard.empty());
    EXPECT_EQ(actions.broken, 2);
}

TEST_F(RnodeTest, ItsErrorsBecomeFates) {
    set_up();
    const auto send_and = [&](unsigned trouble) {
        radio_->send({3, "x", ""}, now_);
        return fate_of(say(command(kError, one(trouble))));
    };
    EXPECT_EQ(send_and(kTxFailed), FrameFate::Failed);
    EXPECT_EQ(send_and(kQueueFull), FrameFate::NoRoom);
    EXPECT_EQ(send_and(kMemoryLow), FrameFate::NoRoom);
    EXPECT_TRUE(radio_->ready());
    EXPECT_TRUE(say(command(kError, one(77)) + command(kError, "")).reports.empty());
    EXPECT_EQ(send_and(kModemTimeout), FrameFate::Failed);
    EXPECT_FALSE(radio_->ready());
    EXPECT_THAT(radio_->why_down(), HasSubstr("does not answer it"));
    wait();
    say(identity());
    say(echoes());
    say(command(kError, one(kRadioDoesNotStart)));
    EXPECT_THAT(radio_->why_down(), HasSubstr("does not start"));
}

TEST_F(RnodeTest, AResetLosesTheFrameAndSetsUpAnew) {
    set_up();
    radio_->send({4, "x", ""}, now_);
    EXPECT_EQ(fate_of(say(command(kReset, {kResetByte}))), FrameFate::Failed);
    EXPECT_FALSE(radio_->ready());
    EXPECT_THAT(radio_->why_down(), HasSubstr("reset"));
    EXPECT_THAT(wait().write, HasSubstr("\x08\x73"));
    say(identity());
    say(echoes());
    say(command(kRadioState, one(1)));
    EXPECT_TRUE(radio_->ready());
    say(command(kRadioState, one(0)));
    EXPECT_FALSE(radio_->ready()) << "off by itself";
}

TEST_F(RnodeTest, AValueThatChangesUnaskedTakesItOffTheAir) {
    set_up();
    say(command(kTxPower, one(14)));
    EXPECT_TRUE(radio_->ready());
    say(command(kTxPower, one(22)));
    EXPECT_FALSE(radio_->ready());
    EXPECT_THAT(radio_->why_down(), HasSubstr("power_dbm"));
}

TEST_F(RnodeTest, NoWordOfAFrameIsAFailureAndThriceANewLine) {
    set_up();
    for (int i = 0; i < 3; ++i) {
        radio_->send({5, "x", ""}, now_);
        const auto actions = wait();
        EXPECT_EQ(fate_of(actions), FrameFate::Failed);
        EXPECT_EQ(actions.reopen, i == 2);
    }
    EXPECT_THAT(radio_->why_down(), HasSubstr("does not answer any more"));
}

TEST_F(RnodeTest, ASilentDeviceIsAskedAndThenGivenUp) {
    set_up();
    EXPECT_EQ(wait().write, command(kDetect, {kDetectAsk}));
    say(command(kDetect, {kDetectAnswer}));
    EXPECT_FALSE(wait().reopen);
    EXPECT_TRUE(wait().reopen) << "no answer";
}

TEST_F(RnodeTest, ChannelUseIsShown) {
    set_up();
    say(command(kChannelUse, big_endian(120, 2) + big_endian(345, 2) + big_endian(0, 2) +
                                 big_endian(1200, 2) + "abc"));
    EXPECT_EQ(radio_->details().at("channel use"), "3.45 % of an hour sent, 12.00 % in use");
    say(command(kChannelUse, "short"));
}

TEST(RnodeKind, RefusesWhatTheDeviceCannotDo) {
    const ModemKind kind = rnode_kind();
    EXPECT_TRUE(kind.identifies);
    const auto random = seeded_random(1);
    const auto why = [&](const std::function<void(ModemSettings&)>& change) -> std::string {
        ModemSettings settings;
        settings.frequency_hz = 869'525'000;
        change(settings);
        try {
            kind.make(settings, *random);
        } catch (const std::runtime_error& error) {
            return error.what();
        }
        return "";
    };
    EXPECT_EQ(why([](auto&) {}), "");
    EXPECT_EQ(why([](auto& s) { s.more["airtime_hour"] = "9.5"; }), "");
    EXPECT_THAT(why([](auto& s) { s.frequency_hz = 0; }), HasSubstr("frequency"));
    EXPECT_THAT(why([](auto& s) { s.lora.bandwidth_hz = 100'000; }), HasSubstr("bandwidth"));
    EXPECT_THAT(why([](auto& s) { s.lora.spreading_factor = 13; }), HasSubstr("spreading"));
    EXPECT_THAT(why([](auto& s) { s.lora.coding_rate = 4; }), HasSubstr("coding rate"));
    EXPECT_THAT(why([](auto& s) { s.power_dbm = 99; }), HasSubstr("power_dbm"));
    EXPECT_THAT(why([](auto& s) { s.network = 3; }), HasSubstr("network"));
    EXPECT_THAT(why([](auto& s) { s.more["airtime_hour"] = "0"; }), HasSubstr("percentage"));
    EXPECT_THAT(why([](auto& s) { s.more["x"] = "0"; }), HasSubstr("no setting \"x\""));
}

}  // namespace
}  // namespace waypost::rnode
