// SPDX-License-Identifier: Apache-2.0
// Drivers with simulated modules at the end of their lines, over one air, in fake time.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <optional>

#include "radio/frame_radio.h"
#include "radio/simulator/xbee/xbee_module.h"
#include "radio/xbee/settings.h"
#include "radio/xbee/xbee.h"

namespace waypost::xbee {

using simulator::FrameAir;
using simulator::XbeeModule;
using simulator::XbeeOptions;

struct Side {
    std::unique_ptr<XbeeModule> module;
    std::unique_ptr<FrameRadio> radio;
    std::vector<FrameIn> heard;
    std::vector<FrameReport> reports;
    std::vector<int> bauds;
    int reopened = 0;
    int broken = 0;

    std::vector<FrameFate> fates() const {
        std::vector<FrameFate> all;
        for (const FrameReport& report : reports) all.push_back(report.fate);
        return all;
    }
};

class TwoSides : public ::testing::Test {
  protected:
    static constexpr std::uint64_t kFirst = 0x0013A20000000001;

    TwoSides() { afresh(); }

    void afresh() {
        sides_.clear();
        air_.emplace(*random_);
    }

    Side& add(XbeeOptions options = {}, ModemSettings settings = {},
              const ModemKind& kind = xbee_kind()) {
        options.address = kFirst + sides_.size();
        auto side = std::make_unique<Side>();
        side->module = std::make_unique<XbeeModule>(*air_, *random_, std::move(options));
        side->radio = kind.make(settings, *random_);
        sides_.push_back(std::move(side));
        keep(*sides_.back(), sides_.back()->radio->opened(now_));
        return *sides_.back();
    }

    void keep(Side& side, RadioActions done) {
        if (done.baud) side.bauds.push_back(*done.baud);
        side.reopened += done.reopen ? 1 : 0;
        side.broken += done.broken;
        std::ranges::move(done.heard, std::back_inserter(side.heard));
        std::ranges::move(done.reports, std::back_inserter(side.reports));
        if (!done.write.empty()) side.module->from_host(done.write, now_);
    }

    void run(milliseconds time) {
        for (const BoxTime end = now_ + time; now_ < end; now_ += milliseconds(1)) {
            air_->step(now_);
            for (auto& side : sides_) {
                side->module->step(now_);
                const std::string bytes = side->module->to_host();
                if (!bytes.empty()) keep(*side, side->radio->received(bytes, now_));
                if (now_ >= side->radio->next_tick()) keep(*side, side->radio->tick(now_));
            }
        }
    }

    // Until it is ready; a second at a time, a minute at most.
    void run_until_ready(Side& side) {
        for (int s = 0; s < 60 && !side.radio->ready(); ++s) run(std::chrono::seconds(1));
        ASSERT_TRUE(side.radio->ready()) << side.radio->why_down();
    }

    void send(Side& side, std::uint32_t id, const std::string& bytes, const std::string& to = {}) {
        keep(side, side.radio->send({id, bytes, to}, now_));
    }

    static std::string address(int side) { return "0013a2000000000" + std::to_string(side + 1); }
    static ModemSettings with(const std::string& name, const std::string& value) {
        ModemSettings settings;
        settings.more[name] = value;
        return settings;
    }
    static std::string byte(int value) { return {static_cast<char>(value)}; }

    std::unique_ptr<Random> random_ = seeded_random(11);
    std::optional<FrameAir> air_;
    std::vector<std::unique_ptr<Side>> sides_;
    BoxTime now_ = box_from_ms(100'000);
};

}  // namespace waypost::xbee
