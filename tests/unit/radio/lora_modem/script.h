// SPDX-License-Identifier: Apache-2.0
// A driver whose modem is played by hand: what it says goes in, all that comes out is kept.
#pragma once

#include <gtest/gtest.h>

#include "radio/frame_radio.h"

namespace waypost::lora_modem {

class Script {
  public:
    explicit Script(FrameRadio& radio) : radio_(radio) { keep(radio_.opened(now)); }

    void says(std::string_view bytes) { keep(radio_.received(bytes, now)); }
    void later(milliseconds time) {
        now += time;
        keep(radio_.tick(now));
    }
    void send(std::uint32_t id, std::string bytes, std::string to = {}) {
        keep(radio_.send({id, std::move(bytes), std::move(to)}, now));
    }
    void close() { keep(radio_.closed(now)); }
    FrameFate fate(std::uint32_t id) const {
        EXPECT_EQ(reports.count(id), 1u) << id;
        const auto found = reports.find(id);
        return found == reports.end() ? FrameFate::Acked : found->second;
    }

    BoxTime now = box_from_ms(1'000);
    std::string wrote;  // by the last call that wrote
    std::optional<int> baud;
    std::multimap<std::uint32_t, FrameFate> reports;
    std::vector<FrameIn> heard;
    int broken = 0;
    int reopened = 0;

  private:
    void keep(RadioActions actions) {
        if (!actions.write.empty()) wrote = std::move(actions.write);
        if (actions.baud) baud = actions.baud;
        for (const auto& each : actions.reports) reports.emplace(each.id, each.fate);
        for (auto& each : actions.heard) heard.push_back(std::move(each));
        broken += actions.broken;
        reopened += actions.reopen ? 1 : 0;
    }

    FrameRadio& radio_;
};

}  // namespace waypost::lora_modem
