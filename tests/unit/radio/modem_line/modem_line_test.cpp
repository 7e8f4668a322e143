// SPDX-License-Identifier: Apache-2.0
#include "radio/modem_line.h"

#include <gtest/gtest.h>

#include <thread>

#include "plugged_pty.h"
#include "tests/fakes/fake_clock.h"

namespace waypost {
namespace {

// Keeps what it is told, and does next what the test says.
class FakeRadio final : public FrameRadio {
  public:
    struct Seen {
        int opened = 0;
        int closed = 0;
        int ticks = 0;
        std::string bytes;
        RadioActions at_open, at_bytes;
        std::string why;
        BoxTime tick_at = BoxTime::max();
        bool ready = false;
    };
    explicit FakeRadio(Seen& seen) : seen_(seen) {}

    RadioActions opened(BoxTime) override {
        ++seen_.opened;
        return seen_.at_open;
    }
    RadioActions received(std::string_view bytes, BoxTime) override {
        seen_.bytes += bytes;
        return seen_.at_bytes;
    }
    RadioActions closed(BoxTime) override {
        ++seen_.closed;
        RadioActions actions;
        if (in_hand_ != 0) actions.reports.push_back({in_hand_, FrameFate::Failed});
        in_hand_ = 0;
        return actions;
    }
    RadioActions send(FrameOut frame, BoxTime) override {
        in_hand_ = frame.id;
        RadioActions actions;
        actions.write = frame.bytes;
        return actions;
    }
    RadioActions tick(BoxTime) override {
        ++seen_.ticks;
        seen_.tick_at = BoxTime::max();
        return {};
    }
    BoxTime next_tick() const override { return seen_.tick_at; }
    bool ready() const override { return seen_.ready; }
    int room() const override { return 1; }
    FrameLimits limits() const override { return {}; }
    std::chrono::microseconds airtime(std::size_t) const override { return {}; }
    std::string why_down() const override { return seen_.why; }
    std::map<std::string, std::string> details() const override { return {}; }

  private:
    Seen& seen_;
    std::uint32_t in_hand_ = 0;
};

class ModemLineTest : public ::testing::Test {
  public:
    RadioActions step() { return line.step(clock.box()); }
    // Until bytes have come through the terminal, which takes real time.
    void step_until_bytes(std::size_t bytes) {
        for (int i = 0; i < 1'000 && seen.bytes.size() < bytes; ++i)
            line.step(clock.box() + milliseconds(2));
    }
    RadioActions step_until_closed() {
        for (int i = 0; i < 1'000; ++i) {
            RadioActions actions = line.step(clock.box() + milliseconds(2));
            if (seen.closed > 0) return actions;
        }
        return {};
    }

    PluggedPty pty;
    FakeClock clock;
    FakeRadio::Seen seen;
    ModemLine line{"serial:" + pty.path(), 9'600, std::make_unique<FakeRadio>(seen), clock};
};

TEST_F(ModemLineTest, CarriesBytesBothWaysAndTicks) {
    pty.plug();
    seen.at_open.write = "hello modem";
    step();
    EXPECT_EQ(pty.hear(11), "hello modem");
    pty.say("hello host");
    step_until_bytes(10);
    EXPECT_EQ(seen.bytes, "hello host");
    EXPECT_EQ(line.send({7, "a frame", {}}).reports.size(), 0u);
    EXPECT_EQ(pty.hear(7), "a frame");
    seen.tick_at = clock.box() + milliseconds(5);
    step();
    EXPECT_EQ(seen.ticks, 0);
    clock.advance(milliseconds(5));
    step();
    EXPECT_EQ(seen.ticks, 1);
}

TEST_F(ModemLineTest, WhatIsNotThereIsTriedAgainAfterAGrowingPause) {
    EXPECT_TRUE(step().changed);
    EXPECT_NE(line.why_down().find("cannot open"), std::string::npos);
    EXPECT_FALSE(line.ready());
    const RadioActions refused = line.send({1, "x", {}});
    ASSERT_EQ(refused.reports.size(), 1u);
    EXPECT_EQ(refused.reports[0].fate, FrameFate::Failed);
    clock.advance(milliseconds(500));
    step();  // in vain: a second from now
    pty.plug();
    clock.advance(milliseconds(999));
    step();
    EXPECT_EQ(seen.opened, 0);
    clock.advance(milliseconds(1));
    step();
    EXPECT_EQ(seen.opened, 1);
}

TEST_F(ModemLineTest, ALineThatIsPulledComesBackAndItsFrameIsReportedOnce) {
    pty.plug();
    step();
    line.send({9, "a frame", {}});
    pty.pull();
    const RadioActions lost = step_until_closed();
    EXPECT_EQ(seen.closed, 1);
    ASSERT_EQ(lost.reports.size(), 1u);
    EXPECT_EQ(lost.reports[0].id, 9u);
    EXPECT_TRUE(lost.changed);
    EXPECT_FALSE(line.why_down().empty());
    pty.plug();
    clock.advance(milliseconds(500));
    EXPECT_TRUE(step().reports.empty());
    EXPECT_EQ(seen.opened, 2);
    EXPECT_TRUE(line.close().reports.empty());
    EXPECT_EQ(seen.closed, 2);
    EXPECT_TRUE(line.close().reports.empty()) << "twice is once";
    EXPECT_EQ(seen.closed, 2);
}

// A terminal has no rate: that the line was opened anew shows by where the bytes go.
TEST_F(ModemLineTest, AnotherRateOpensTheLineAnewAndWritesThen) {
    pty.plug();
    step();
    const int before = pty.leave_behind();
    pty.plug();
    seen.at_bytes.baud = 115'200;
    seen.at_bytes.write = "at the new rate";
    [[maybe_unused]] const auto n = ::write(before, "x", 1);
    step_until_bytes(1);
    EXPECT_EQ(pty.hear(15), "at the new rate");
    EXPECT_EQ(seen.opened, 1) << "the driver knows";
    EXPECT_EQ(seen.closed, 0);
    ::close(before);
    pty.say("y");
    step_until_bytes(2);
    EXPECT_EQ(seen.bytes, "xy");
    EXPECT_EQ(pty.hear(15), "at the new rate") << "the same rate is no reason to open it again";
}

TEST_F(ModemLineTest, ADriverThatWantsItsLineOpenedAgainIsTakenAtItsWord) {
    pty.plug();
    step();
    seen.at_bytes.reopen = true;
    seen.why = "no answer";
    pty.say("x");
    step_until_closed();
    EXPECT_EQ(seen.closed, 1);
    EXPECT_EQ(line.why_down(), "no answer") << "the driver's reason, not that it waits";
    step();
    EXPECT_EQ(seen.opened, 1);
    clock.advance(milliseconds(500));
    step();
    EXPECT_EQ(seen.opened, 2);
}

TEST_F(ModemLineTest, APauseIsShortAgainOnceTheModemWasReady) {
    pty.plug();
    seen.at_bytes.reopen = true;
    for (int i = 1; i <= 4; ++i) {
        seen.closed = 0;
        seen.ready = i == 3;
        clock.advance(milliseconds(30'000));
        step();
        ASSERT_EQ(seen.opened, i);
        pty.say("x");
        step_until_closed();
        seen.ready = false;
    }
    clock.advance(milliseconds(1'000));
    step();
    EXPECT_EQ(seen.opened, 5) << "half a second, then one";
}

TEST_F(ModemLineTest, WakeEndsAWait) {
    pty.plug();
    step();
    std::atomic<bool> over{false};
    std::thread other([&] {
        while (!over) line.wake();
    });
    const auto began = std::chrono::steady_clock::now();
    line.step(clock.box() + milliseconds(50'000));
    over = true;
    other.join();
    EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(20));
}

}  // namespace
}  // namespace waypost
