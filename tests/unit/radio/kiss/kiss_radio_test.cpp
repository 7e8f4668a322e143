// SPDX-License-Identifier: Apache-2.0
#include "radio/kiss/kiss_radio.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>

namespace waypost::kiss {
namespace {

using std::chrono::seconds;
using testing::HasSubstr;

class KissRadioTest : public testing::Test {
  protected:
    KissRadioTest() {
        Options options;
        options.call = *ax25::parse_address("DB0ABC-7");
        radio_ = std::make_unique<KissRadio>(options);
    }
    static std::string frame(const std::string& from, const std::string& to,
                             const std::string& info, std::uint8_t type = 0) {
        ax25::UiFrame ui{
            *ax25::parse_address(to), *ax25::parse_address(from), {}, false, ax25::kNoLayer3, info};
        return encode({type, ax25::encode(ui)});
    }
    static ax25::UiFrame written(const RadioActions& actions) {
        Parser parser(ax25::kMostFrame);
        const auto frames = parser.feed(actions.write);
        EXPECT_EQ(frames.size(), 1u);
        return frames.empty() ? ax25::UiFrame{} : *ax25::parse(frames[0].data);
    }

    BoxTime now_ = box_from_ms(1'000'000);
    std::unique_ptr<KissRadio> radio_;
};

TEST_F(KissRadioTest, IsSetUpWhenTheLineOpens) {
    EXPECT_FALSE(radio_->ready());
    EXPECT_FALSE(radio_->why_down().empty());
    const auto actions = radio_->opened(now_);
    EXPECT_TRUE(actions.changed);
    EXPECT_EQ(actions.write, std::string("\xC0\x01\x1E\xC0\xC0\x02\x3F\xC0\xC0\x03\x0A\xC0"
                                         "\xC0\x04\x05\xC0\xC0\x05\x00\xC0",
                                         20));
    EXPECT_TRUE(radio_->ready());
    EXPECT_EQ(radio_->room(), 1);
    EXPECT_EQ(radio_->limits().payload, 256u);
}

TEST_F(KissRadioTest, AFrameIsSentWhenItsTimeOnAirIsOver) {
    radio_->opened(now_);
    const auto actions = radio_->send({5, std::string("\xC0\xDB\0", 3), ""}, now_);
    const auto ui = written(actions);
    EXPECT_EQ(to_string(ui.to), "QST");
    EXPECT_EQ(to_string(ui.from), "DB0ABC-7");
    EXPECT_EQ(ui.info, std::string("\xC0\xDB\0", 3));
    EXPECT_TRUE(actions.reports.empty());
    EXPECT_EQ(radio_->room(), 0);
    EXPECT_EQ(radio_->send({6, "x", ""}, now_).reports.at(0).fate, FrameFate::NoRoom);
    // 21 octets of 8 bits, a sixth more, two flags: 217 bits at 1200 bit/s, 350 ms around them.
    EXPECT_EQ(radio_->airtime(3).count(), 350'000 + 217'000'000 / 1200);
    EXPECT_TRUE(radio_->tick(radio_->next_tick() - milliseconds(1)).reports.empty());
    const auto done = radio_->tick(radio_->next_tick());
    ASSERT_EQ(done.reports.size(), 1u);
    EXPECT_EQ(done.reports[0].id, 5u);
    EXPECT_EQ(done.reports[0].fate, FrameFate::Sent);
    EXPECT_EQ(radio_->next_tick(), BoxTime::max());
}

TEST_F(KissRadioTest, OneStationIsSentToByItsCallSign) {
    radio_->opened(now_);
    EXPECT_EQ(to_string(written(radio_->send({1, "x", "W1AW-3"}, now_)).to), "W1AW-3");
}

TEST_F(KissRadioTest, WhatCannotBeSentIsReportedAtOnce) {
    EXPECT_EQ(radio_->send({1, "x", ""}, now_).reports.at(0).fate, FrameFate::Failed) << "closed";
    radio_->opened(now_);
    EXPECT_EQ(radio_->send({2, std::string(257, 'x'), ""}, now_).reports.at(0).fate,
              FrameFate::TooLong);
    EXPECT_EQ(radio_->send({3, "", ""}, now_).reports.at(0).fate, FrameFate::Failed);
    EXPECT_EQ(radio_->send({4, "x", "no station"}, now_).reports.at(0).fate, FrameFate::Failed);
    EXPECT_TRUE(radio_->send({5, std::string(256, 'x'), ""}, now_).reports.empty());
    const auto closed = radio_->closed(now_);
    ASSERT_EQ(closed.reports.size(), 1u);
    EXPECT_EQ(closed.reports[0].id, 5u);
    EXPECT_EQ(closed.reports[0].fate, FrameFate::Failed);
    EXPECT_TRUE(radio_->closed(now_).reports.empty());
}

TEST_F(KissRadioTest, HearsWhatIsMeantForItAndNothingElse) {
    radio_->opened(now_);
    const auto heard =
        radio_
            ->received(
                frame("W1AW-3", "DB0ABC-7", "to us") + frame("W1AW", "QST", "to all") +
                    frame("W1AW", "DB0ABC-8", "to another") + frame("W1AW", "APRS", "a position") +
                    frame("DB0ABC-7", "QST", "an echo") + frame("W1AW", "QST", "of port 1", 0x10) +
                    frame("W1AW", "QST", "a command", 0x06) + encode({0, "rubbish"}),
                now_)
            .heard;
    ASSERT_EQ(heard.size(), 2u);
    EXPECT_EQ(heard[0].bytes, "to us");
    EXPECT_EQ(heard[0].from, "W1AW-3");
    EXPECT_FALSE(heard[0].rssi_dbm.has_value()) << "KISS does not say";
    EXPECT_EQ(heard[1].bytes, "to all");
    EXPECT_EQ(radio_->received("\xDBz\xC0", now_).broken, 1);
}

TEST(KissKind, RefusesSettingsThatMakeNoSense) {
    const ModemKind kind = kiss_kind();
    EXPECT_FALSE(kind.identifies);
    const auto random = seeded_random(1);
    const auto why = [&](std::map<std::string, std::string> more) -> std::string {
        ModemSettings settings;
        settings.more = std::move(more);
        try {
            kind.make(settings, *random);
        } catch (const std::runtime_error& error) {
            return error.what();
        }
        return "";
    };
    EXPECT_EQ(why({{"call", "DB0ABC-7"}, {"port", "3"}, {"bitrate", "9600"}}), "");
    EXPECT_THAT(why({}), HasSubstr("call sign"));
    EXPECT_THAT(why({{"call", "NOBODY"}}), HasSubstr("call sign")) << "no digit";
    EXPECT_THAT(why({{"call", "DB0ABC"}, {"port", "16"}}), HasSubstr("0 to 15"));
    EXPECT_THAT(why({{"call", "DB0ABC"}, {"bitrate", "fast"}}), HasSubstr("bitrate"));
    EXPECT_THAT(why({{"call", "DB0ABC"}, {"speed", "1"}}), HasSubstr("no setting \"speed\""));
}

}  // namespace
}  // namespace waypost::kiss
