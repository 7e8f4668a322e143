// SPDX-License-Identifier: Apache-2.0
#include "radio/xbee/transparent.h"

#include "two_sides.h"

namespace waypost::xbee {
namespace {

using std::chrono::seconds;

class TransparentTest : public TwoSides {
  protected:
    void pair() {
        a_ = &add({}, {}, xbee_transparent_kind());
        b_ = &add({}, {}, xbee_transparent_kind());
        run_until_ready(*a_);
        run_until_ready(*b_);
    }
    Side* a_ = nullptr;
    Side* b_ = nullptr;
};

TEST_F(TransparentTest, FramesKeepTheirBoundaries) {
    pair();
    const FrameLimits limits = a_->radio->limits();
    EXPECT_EQ(limits.payload, 251u) << "of 256: the frame's own 5";
    EXPECT_FALSE(limits.acks || limits.addressed || limits.keeps_law);
    const std::vector<std::string> sent{std::string(251, 'x'), "+++", std::string(251, '\0'), "a"};
    std::uint32_t id = 0;
    for (const std::string& bytes : sent) {
        EXPECT_EQ(a_->radio->room(), 1);
        send(*a_, ++id, bytes);
        EXPECT_EQ(a_->radio->room(), 0);
        run(seconds(2));
    }
    EXPECT_EQ(a_->fates(), std::vector(4, FrameFate::Sent));
    ASSERT_EQ(b_->heard.size(), 4u);
    for (std::size_t i = 0; i < 4; ++i) EXPECT_EQ(b_->heard[i].bytes, sent[i]);
    EXPECT_EQ(a_->module->host_packets(), 4u) << "one packet on air each";
    EXPECT_EQ(b_->heard[0].from, "");
}

TEST_F(TransparentTest, DataNeverLeavesTheMode) {
    pair();
    // Silence before, "+++", silence behind: as a frame it is none of that to the module.
    run(seconds(3));
    for (std::uint32_t id = 1; id <= 3; ++id) {
        send(*a_, id, "+++");
        run(seconds(3));
        send(*a_, 10 + id, "ATAP2\r");
        run(seconds(3));
    }
    EXPECT_EQ(a_->module->get("AP"), byte(0));
    EXPECT_EQ(b_->heard.size(), 6u);
}

TEST_F(TransparentTest, ALostPacketCostsItselfOnly) {
    pair();
    send(*a_, 1, "first");
    run(seconds(1));
    const std::string cut = cobs_frame("half of it").substr(0, 5);
    keep(*b_, b_->radio->received(cut, now_));
    run(seconds(1));
    EXPECT_EQ(b_->broken, 1);
    send(*a_, 2, "second");
    run(seconds(1));
    ASSERT_EQ(b_->heard.size(), 2u);
    EXPECT_EQ(b_->heard[1].bytes, "second");
}

TEST_F(TransparentTest, WhatCannotBeSentIsReportedAtOnce) {
    pair();
    send(*a_, 1, "");
    send(*a_, 2, std::string(252, 'x'));
    send(*a_, 3, "hi", address(1));
    EXPECT_EQ(a_->fates(), (std::vector{FrameFate::Failed, FrameFate::TooLong, FrameFate::Failed}));
    send(*a_, 4, "hi");
    send(*a_, 5, "hi");
    EXPECT_EQ(a_->reports.back().fate, FrameFate::NoRoom);
    keep(*a_, a_->radio->closed(now_));
    EXPECT_EQ(a_->reports.back().id, 4u);
    EXPECT_EQ(a_->reports.back().fate, FrameFate::Failed);
    EXPECT_FALSE(a_->radio->ready());
}

TEST_F(TransparentTest, AModuleInApiModeIsTakenOutOfIt) {
    XbeeOptions options;
    options.parameters["AP"] = byte(2);
    Side& side = add(options, {}, xbee_transparent_kind());
    run_until_ready(side);
    EXPECT_EQ(side.module->get("AP"), byte(0));
}

TEST_F(TransparentTest, NobodyAnswers) {
    Side& side = add({}, {}, xbee_transparent_kind());
    side.module->trouble().deaf_to_host = true;
    run(seconds(45));
    EXPECT_EQ(side.bauds.size(), 5u);
    EXPECT_EQ(side.reopened, 1);
    EXPECT_EQ(side.radio->why_down(), "no XBee answers at any speed");
}

TEST_F(TransparentTest, AModuleThatDoesNotSayItsLimitIsAskedAgain) {
    XbeeOptions options;
    options.parameters["NP"] = byte(0);
    Side& side = add(options, {}, xbee_transparent_kind());
    run(seconds(10));
    EXPECT_FALSE(side.radio->ready());
    EXPECT_EQ(side.radio->why_down(), "the module does not say how long a packet may be (NP)");
    EXPECT_EQ(side.reopened, 1);
    side.module->set("NP", byte(72));
    keep(side, side.radio->closed(now_));
    keep(side, side.radio->opened(now_));
    run_until_ready(side);
}

TEST_F(TransparentTest, SettingsAreTheModulesOwn) {
    EXPECT_THROW(xbee_transparent_kind().make(with("init", "MT=1"), *random_), std::runtime_error);
}

}  // namespace
}  // namespace waypost::xbee
