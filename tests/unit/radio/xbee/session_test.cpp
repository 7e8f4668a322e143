// SPDX-License-Identifier: Apache-2.0
// Frames between two modules, and modules that misbehave.
#include "radio/xbee/session.h"

#include "two_sides.h"

namespace waypost::xbee {
namespace {

using std::chrono::seconds;

class SessionTest : public TwoSides {
  protected:
    void pair(ModemSettings settings = {}, XbeeOptions options = {}) {
        a_ = &add(options, settings);
        b_ = &add(options, settings);
        run_until_ready(*a_);
        run_until_ready(*b_);
    }
    void modem_status(Side& side, int status) {
        const std::string bytes = frame(ApiMode::Escaped, "\x8A" + byte(status));
        keep(side, side.radio->received(bytes, now_));
    }
    Side* a_ = nullptr;
    Side* b_ = nullptr;
};

TEST_F(SessionTest, AFrameToOneIsAckedAndHeardWithItsSenderAndStrength) {
    for (const char* api : {"1", "2"}) {
        pair(with("api", api));
        const std::string bytes("\x7E\x7D\x11\x13\0+", 6);
        send(*a_, 7, bytes, b_->radio->details().at("address"));
        run(seconds(1));
        ASSERT_EQ(a_->reports.size(), 1u);
        EXPECT_EQ(a_->reports[0].id, 7u);
        EXPECT_EQ(a_->reports[0].fate, FrameFate::Acked);
        EXPECT_EQ(a_->reports[0].retries, 0);
        ASSERT_EQ(b_->heard.size(), 1u);
        EXPECT_EQ(b_->heard[0].bytes, bytes);
        EXPECT_EQ(b_->heard[0].from, a_->radio->details().at("address"));
        EXPECT_EQ(b_->heard[0].rssi_dbm, -90);
        afresh();
    }
}

TEST_F(SessionTest, AFrameToAllIsSentAndCountsItsRepeats) {
    pair();
    Side& c = add();
    run_until_ready(c);
    send(*a_, 1, "to all");
    run(seconds(2));
    ASSERT_EQ(a_->fates(), std::vector{FrameFate::Sent});
    EXPECT_EQ(a_->reports[0].retries, 3) << "MT as delivered";
    EXPECT_EQ(b_->heard.size(), 1u);
    EXPECT_EQ(c.heard.size(), 1u);
}

TEST_F(SessionTest, WithoutAcknowledgementsNothingIsSaidToBeAcked) {
    pair(with("acks", "no"));
    EXPECT_FALSE(a_->radio->limits().acks);
    send(*a_, 1, "hi", address(1));
    run(seconds(1));
    EXPECT_EQ(a_->fates(), std::vector{FrameFate::Sent});
    EXPECT_EQ(b_->heard.size(), 1u);
}

TEST_F(SessionTest, LossIsRepeatedByTheModuleAndTold) {
    pair();
    air_->link(0, 1, {0.5});
    for (std::uint32_t id = 1; id <= 40; ++id) {
        send(*a_, id, "again and again", address(1));
        run(seconds(2));
    }
    int retries = 0;
    for (const FrameReport& report : a_->reports) retries += report.retries;
    EXPECT_EQ(a_->reports.size(), 40u);
    EXPECT_EQ(b_->heard.size(), 40u);
    EXPECT_GT(retries, 20);
    air_->link(0, 1, {1});
    send(*a_, 99, "into the void", address(1));
    run(seconds(2));
    EXPECT_EQ(a_->reports.back().fate, FrameFate::NotAcked);
    EXPECT_EQ(a_->reports.back().retries, 10);
}

TEST_F(SessionTest, EveryDeliveryStatusHasItsFate) {
    pair();
    const std::pair<int, FrameFate> table[] = {
        {0x00, FrameFate::Acked},    {0x01, FrameFate::NotAcked},  {0x02, FrameFate::Busy},
        {0x21, FrameFate::NotAcked}, {0x25, FrameFate::NoRoute},   {0x31, FrameFate::NoRoom},
        {0x32, FrameFate::NoRoom},   {0x75, FrameFate::NoRoute},   {0x74, FrameFate::TooLong},
        {0xEE, FrameFate::Failed},   {0x03, FrameFate::NoAirtime},
    };
    for (const auto& [status, fate] : table) {
        a_->reports.clear();
        a_->module->trouble().deliveries = {static_cast<std::uint8_t>(status)};
        send(*a_, 1, "hi", address(1));
        run(seconds(1));
        EXPECT_EQ(a_->fates(), std::vector{fate}) << std::hex << status;
    }
    EXPECT_EQ(a_->radio->room(), 0) << "the hour's airtime is spent";
    run(seconds(61));
    EXPECT_GT(a_->radio->room(), 0);
    EXPECT_EQ(fate_of(Delivery::Ok, false), FrameFate::Sent);
}

TEST_F(SessionTest, NoBufferHalvesWhatIsInFlight) {
    pair();
    for (std::uint32_t id = 1; id <= 3; ++id) {
        send(*a_, id, "hi", address(1));
        run(seconds(1));
    }
    EXPECT_EQ(a_->radio->room(), 4);
    a_->module->trouble().deliveries = {0x32};
    send(*a_, 4, "hi", address(1));
    run(milliseconds(50));
    EXPECT_EQ(a_->radio->room(), 0);
    run(milliseconds(100));
    EXPECT_EQ(a_->radio->room(), 2);
}

TEST_F(SessionTest, ABusyChannelHoldsForAMoment) {
    pair();
    a_->module->trouble().deliveries = {0x02};
    send(*a_, 1, "hi", address(1));
    run(milliseconds(40));
    EXPECT_EQ(a_->radio->room(), 0);
    run(milliseconds(200));
    EXPECT_GT(a_->radio->room(), 0);
}

TEST_F(SessionTest, WhatCannotBeSentIsReportedAtOnce) {
    pair();
    send(*a_, 1, "", address(1));
    send(*a_, 2, std::string(257, 'x'), address(1));
    send(*a_, 3, "hi", "nobody");
    EXPECT_EQ(a_->fates(), (std::vector{FrameFate::Failed, FrameFate::TooLong, FrameFate::Failed}));
    a_->reports.clear();
    for (std::uint32_t id = 1; id <= 3; ++id) send(*a_, id, "hi", address(1));
    EXPECT_EQ(a_->fates(), std::vector{FrameFate::NoRoom}) << "two at first";
    run(seconds(1));
    EXPECT_EQ(a_->reports.size(), 3u);
}

TEST_F(SessionTest, ALateStatusIsWaitedForAndOneBeyondTheDeadlineIsNobodys) {
    pair(with("direct", "yes"));  // 2 * %H: 576 ms, and the line
    a_->module->trouble().status_late = milliseconds(500);
    send(*a_, 1, "hi", address(1));
    run(seconds(2));
    EXPECT_EQ(a_->fates(), std::vector{FrameFate::Acked});
    a_->module->trouble().status_late = seconds(3);
    send(*a_, 2, "hi", address(1));
    run(seconds(2));
    EXPECT_EQ(a_->reports.back().fate, FrameFate::Failed);
    a_->module->trouble().status_late = milliseconds(0);
    send(*a_, 3, "hi", address(1));
    run(seconds(3));
    ASSERT_EQ(a_->reports.size(), 3u) << "each has one report";
    EXPECT_EQ(a_->reports.back().id, 3u);
    EXPECT_EQ(a_->reports.back().fate, FrameFate::Acked);
}

TEST_F(SessionTest, ThreeStatusesThatDoNotComeAndTheModuleIsStartedAgain) {
    pair(with("direct", "yes"));
    a_->module->trouble().statuses_lost = 3;
    for (std::uint32_t id = 1; id <= 3; ++id) {
        EXPECT_TRUE(a_->radio->ready());
        send(*a_, id, "hi", address(1));
        run(milliseconds(1500));
    }
    EXPECT_EQ(a_->fates(), std::vector(3, FrameFate::Failed));
    EXPECT_FALSE(a_->radio->ready());
    run_until_ready(*a_);
}

TEST_F(SessionTest, AResetInMidTransferFailsAllAndStartsAgain) {
    XbeeOptions in_flash;
    in_flash.parameters["AP"] = byte(2);
    for (const int status : {0, 1}) {
        pair({}, in_flash);
        send(*a_, 1, std::string(200, 'x'), address(1));
        send(*a_, 2, std::string(200, 'y'), address(1));
        run(milliseconds(5));
        a_->module->reset(static_cast<std::uint8_t>(status), now_);
        run(milliseconds(5));
        EXPECT_EQ(a_->fates(), std::vector(2, FrameFate::Failed));
        EXPECT_FALSE(a_->radio->ready());
        run_until_ready(*a_);
        send(*a_, 3, "after", address(1));
        run(seconds(1));
        EXPECT_EQ(a_->reports.back().fate, FrameFate::Acked);
        afresh();
    }
}

TEST_F(SessionTest, OtherModemStatusesChangeNothing) {
    pair();
    for (const int status : {2, 3, 6, 0x0B, 0x0C, 0x80, 0xFF}) {
        modem_status(*a_, status);
    }
    EXPECT_TRUE(a_->radio->ready());
    EXPECT_EQ(a_->radio->details().at("status"), "ff");
}

TEST_F(SessionTest, AChangedLimitIsReadAgain) {
    pair();
    a_->module->set("NP", byte(72));
    send(*a_, 1, std::string(100, 'x'), address(1));
    run(seconds(1));
    EXPECT_EQ(a_->fates(), std::vector{FrameFate::TooLong});
    EXPECT_EQ(a_->radio->limits().payload, 72u);
    send(*a_, 2, std::string(72, 'x'), address(1));
    run(seconds(1));
    EXPECT_EQ(a_->reports.back().fate, FrameFate::Acked);
}

TEST_F(SessionTest, AFrameHeardTwiceIsHandedUpTwiceAndTheNextHasItsStrength) {
    pair();
    b_->module->trouble().heard_twice = 1;
    send(*a_, 1, "twice", address(1));
    run(seconds(1));
    ASSERT_EQ(b_->heard.size(), 2u);
    EXPECT_FALSE(b_->heard[0].rssi_dbm) << "another came before the answer";
    EXPECT_EQ(b_->heard[1].rssi_dbm, -90);
}

TEST_F(SessionTest, ExplicitFramesAreDataOnlyAtTheEndpointsOfData) {
    pair();
    b_->module->set("AO", byte(1));
    send(*a_, 1, "explicit", address(1));
    run(seconds(1));
    ASSERT_EQ(b_->heard.size(), 1u);
    EXPECT_EQ(b_->heard[0].bytes, "explicit");
    Receive other;
    other.endpoints = Endpoints{0xE6, 0xE6, 0x0095, 0xC105};
    keep(*b_, b_->radio->received(frame(ApiMode::Escaped, encode(other)), now_));
    run(seconds(1));
    EXPECT_EQ(b_->heard.size(), 1u);
}

TEST_F(SessionTest, DataOfNoLengthIsHeard) {
    pair();
    Receive nothing;
    nothing.from = kFirst;
    keep(*b_, b_->radio->received(frame(ApiMode::Escaped, encode(nothing)), now_));
    run(seconds(1));
    ASSERT_EQ(b_->heard.size(), 1u);
    EXPECT_EQ(b_->heard[0].bytes, "");
}

TEST_F(SessionTest, DamageOnTheLineIsCountedAndForgotten) {
    pair(with("api", "1"));
    // A cut frame: the next ones are found when the line was silent for long enough.
    keep(*a_, a_->radio->received(std::string("\x7E\x01\xF0\x90", 4), now_));
    send(*a_, 1, "hi", address(1));
    run(seconds(3));
    EXPECT_EQ(a_->fates(), std::vector{FrameFate::Acked});
    EXPECT_EQ(a_->broken, 1);
    keep(*a_, a_->radio->received(frame(ApiMode::Plain, "\x90\x01"), now_));
    EXPECT_EQ(a_->radio->details().at("undecoded"), "1");
}

TEST_F(SessionTest, IdsAreNeverUsedTwiceWhileOpen) {
    FrameIds ids;
    std::set<int> seen;
    for (int i = 0; i < 255; ++i) seen.insert(ids.take());
    EXPECT_EQ(seen.size(), 255u);
    EXPECT_EQ(seen.count(0), 0u);
    EXPECT_EQ(ids.take(), 0) << "all are open";
    ids.give_back(200);
    EXPECT_EQ(ids.take(), 200);
    ids.clear();
    EXPECT_EQ(ids.take(), 201) << "one given back is the last to be used again";
}

TEST_F(SessionTest, TheLineGoesWithFramesInHand) {
    pair();
    send(*a_, 1, "hi", address(1));
    send(*a_, 2, "ho", address(1));
    keep(*a_, a_->radio->closed(now_));
    EXPECT_EQ(a_->fates(), std::vector(2, FrameFate::Failed));
    keep(*a_, a_->radio->closed(now_));
    EXPECT_EQ(a_->reports.size(), 2u);
}

}  // namespace
}  // namespace waypost::xbee
