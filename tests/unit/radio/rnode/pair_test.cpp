// SPDX-License-Identifier: Apache-2.0
// Two drivers with simulated RNodes on one channel, in virtual time; and one over a real terminal.
#include <gtest/gtest.h>

#include "radio/modem_line.h"
#include "radio/rnode/rnode_radio.h"
#include "radio/simulator/modem_pty.h"
#include "radio/simulator/rnode/rnode_device.h"

namespace waypost::rnode {
namespace {

using simulator::FrameAir;
using simulator::RnodeDevice;
using simulator::RnodeOptions;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

Options settings() {
    Options options;
    options.frequency_hz = 869'525'000;
    options.lora = {7, 125'000, 5, 18, true, true};
    return options;
}

struct Station {
    Station(FrameAir& air, Random& random, Options options, RnodeOptions device_options)
        : radio(options), device(air, random, device_options) {}
    RnodeRadio radio;
    RnodeDevice device;
    std::vector<FrameIn> heard;
    std::vector<FrameReport> reports;
    int reopened = 0;

    void act(RadioActions actions, BoxTime now) {
        device.from_host(actions.write, now);
        for (auto& frame : actions.heard) heard.push_back(std::move(frame));
        for (const auto& report : actions.reports) reports.push_back(report);
        if (!actions.reopen) return;
        ++reopened;
        act(radio.closed(now), now);
        act(radio.opened(now), now);
    }
    void step(BoxTime now) {
        device.step(now);
        const std::string said = device.to_host(now);
        if (!said.empty()) act(radio.received(said, now), now);
        if (now >= radio.next_tick()) act(radio.tick(now), now);
    }
    BoxTime next() const { return std::min(radio.next_tick(), device.next()); }
};

class RnodePair : public testing::Test {
  protected:
    void start(RnodeOptions a = {}, RnodeOptions b = {}, Options options = settings()) {
        a_ = std::make_unique<Station>(air_, *random_, options, a);
        b_ = std::make_unique<Station>(air_, *random_, options, b);
        for (auto* station : {a_.get(), b_.get()}) station->act(station->radio.opened(now_), now_);
        run(seconds(10));
    }
    void run(milliseconds time) {
        const BoxTime end = now_ + time;
        while (true) {
            air_.step(now_);
            a_->step(now_);
            b_->step(now_);
            const BoxTime next = std::min({air_.next(), a_->next(), b_->next()});
            if (next > end) break;
            now_ = std::max(now_ + milliseconds(1), next);
        }
        now_ = end;
    }
    void send(Station& from, std::uint32_t id, const std::string& bytes) {
        from.act(from.radio.send({id, bytes, ""}, now_), now_);
    }

    BoxTime now_ = box_from_ms(1'000'000);
    std::unique_ptr<Random> random_ = seeded_random(52);
    FrameAir air_{*random_};
    std::unique_ptr<Station> a_, b_;
};

TEST_F(RnodePair, EverySizeAndByteArrives) {
    start();
    ASSERT_TRUE(a_->radio.ready()) << a_->radio.why_down();
    ASSERT_TRUE(b_->radio.ready());
    std::string bytes;
    for (std::uint32_t size = 1; size <= 254; ++size) {
        bytes += static_cast<char>(0xFF - size);
        send(*a_, size, bytes);
        run(seconds(2));
        ASSERT_EQ(b_->heard.size(), size);
        ASSERT_EQ(b_->heard.back().bytes, bytes);
        ASSERT_EQ(a_->reports.size(), size);
        ASSERT_EQ(a_->reports.back().fate, FrameFate::Sent);
    }
    EXPECT_EQ(b_->heard[0].rssi_dbm, -90);
    EXPECT_EQ(b_->heard[0].snr_db, 6.0F);
    EXPECT_EQ(air_.frames(), 254u) << "each is one LoRa frame";
}

TEST_F(RnodePair, WhatIsOnAirIsWhatTheDriverSays) {
    start();
    std::chrono::microseconds said{0};
    for (std::uint32_t id = 1; id <= 20; ++id) {
        said += a_->radio.airtime(id * 12);
        send(*a_, id, std::string(id * 12, 'x'));
        run(seconds(3));
    }
    EXPECT_EQ(air_.used(), said);
}

TEST_F(RnodePair, TwoLoRaFramesOfTheFirmwareAreJoined) {
    start();
    b_->device.from_host(command(kData, std::string(508, 'x')), now_);
    run(seconds(5));
    ASSERT_EQ(a_->heard.size(), 1u);
    EXPECT_EQ(a_->heard[0].bytes, std::string(508, 'x'));
    EXPECT_EQ(air_.frames(), 2u);
    EXPECT_EQ(air_.used(), a_->radio.airtime(508));
}

TEST_F(RnodePair, ADeviceThatAnswersTwiceOrLate) {
    RnodeOptions twice, late;
    twice.says_twice = true;
    late.thinking = milliseconds(1500);
    start(twice, late);
    ASSERT_TRUE(a_->radio.ready()) << a_->radio.why_down();
    ASSERT_TRUE(b_->radio.ready()) << b_->radio.why_down();
    send(*a_, 1, "one");
    send(*b_, 2, "two");
    run(seconds(10));
    EXPECT_EQ(a_->reports.size(), 1u);
    EXPECT_EQ(b_->reports.size(), 1u);
    EXPECT_EQ(b_->heard.size(), 1u);
    EXPECT_EQ(a_->heard.size(), 2u) << "the device said it twice; what is above drops one";
}

TEST_F(RnodePair, ADeviceThatNeverAnswersIsOpenedAgainAndFoundWhenItIsBack) {
    RnodeOptions mute;
    mute.mute = true;
    start(mute);
    run(minutes(1));
    EXPECT_FALSE(a_->radio.ready());
    EXPECT_GT(a_->reopened, 1);
    a_->device.options().mute = false;
    run(minutes(1));
    EXPECT_TRUE(a_->radio.ready()) << a_->radio.why_down();
}

TEST_F(RnodePair, AResetAtAnyMomentEndsInAWorkingRadio) {
    start();
    std::uint32_t id = 0;
    for (int ms = 0; ms < 400; ms += 13) {
        send(*a_, ++id, std::string(100, 'x'));
        run(milliseconds(ms));
        a_->device.reset(now_);
        run(seconds(8));
        ASSERT_TRUE(a_->radio.ready()) << ms << ' ' << a_->radio.why_down();
        ASSERT_EQ(a_->reports.size(), id) << "one report for each frame";
    }
}

TEST_F(RnodePair, AFailingRadioAndAFullQueueAreReported) {
    RnodeOptions failing;
    failing.failing_percent = 100;
    start(failing);
    send(*a_, 1, "x");
    run(seconds(1));
    ASSERT_EQ(a_->reports.size(), 1u);
    EXPECT_EQ(a_->reports[0].fate, FrameFate::Failed);
    a_->device.options().queue = 0;
    send(*a_, 2, "x");
    run(seconds(1));
    ASSERT_EQ(a_->reports.size(), 2u);
    EXPECT_EQ(a_->reports[1].fate, FrameFate::NoRoom);
    a_->device.options() = {};
    send(*a_, 3, "x");
    run(seconds(1));
    EXPECT_EQ(a_->reports.back().fate, FrameFate::Sent);
    EXPECT_EQ(b_->heard.size(), 1u);
}

TEST_F(RnodePair, TheDevicesOwnLimitHoldsWhateverTheHostDoes) {
    Options tight = settings();
    tight.long_airtime = 100;  // 1 %: 36 s of an hour
    start({}, {}, tight);
    ASSERT_TRUE(a_->radio.ready()) << a_->radio.why_down();
    const BoxTime began = now_;
    std::uint32_t id = 0;
    while (now_ < began + hours(1)) {
        if (a_->radio.room() > 0) send(*a_, ++id, std::string(254, 'x'));
        run(seconds(1));
    }
    EXPECT_LE(air_.used(), seconds(36));
    EXPECT_GT(air_.used(), seconds(34));
    EXPECT_GE(a_->reports.size() + 1, id);
}

TEST_F(RnodePair, BothTalkAtOnceAndNothingIsLostUnheard) {
    start();
    for (std::uint32_t id = 1; id <= 200; ++id) {
        send(*a_, id, std::string(50, 'a'));
        run(milliseconds(random_->below(120)));
        send(*b_, id, std::string(50, 'b'));
        run(seconds(2));
    }
    EXPECT_EQ(a_->reports.size(), 200u);
    EXPECT_EQ(b_->reports.size(), 200u);
    EXPECT_EQ(air_.frames(), 400u);
    EXPECT_EQ(a_->heard.size() + b_->heard.size(), 400 - 2 * air_.collisions());
    EXPECT_LT(air_.collisions(), 20u) << "they listen first";
}

TEST(RnodeTerminal, IsSetUpAndSendsOverAPseudoTerminal) {
    simulator::ModemPty pty;
    const auto random = seeded_random(1);
    FrameAir air(*random);
    RnodeDevice device(air, *random);
    const SystemClock clock;
    ModemLine line("serial:" + pty.path(), 115'200, std::make_unique<RnodeRadio>(settings()),
                   clock);
    std::vector<FrameReport> reports;
    bool sent = false;
    const BoxTime until = clock.box() + seconds(30);
    while (reports.empty() && clock.box() < until) {
        for (const auto& report : line.step(clock.box() + milliseconds(5)).reports)
            reports.push_back(report);
        if (line.ready() && !sent) line.send({9, std::string("\xC0\xDB\0\x11\x13", 5), ""});
        sent |= line.ready();
        device.from_host(pty.read(), clock.box());
        air.step(clock.box());
        device.step(clock.box());
        const std::string said = device.to_host(clock.box());
        ASSERT_EQ(pty.write(said), said.size());
    }
    ASSERT_EQ(reports.size(), 1u) << line.why_down();
    EXPECT_EQ(reports[0].fate, FrameFate::Sent);
    EXPECT_EQ(air.frames(), 1u);
}

}  // namespace
}  // namespace waypost::rnode
