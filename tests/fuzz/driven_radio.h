// SPDX-License-Identifier: Apache-2.0
// A driver of a frame radio that is given whatever comes, in pieces, with frames to send: each has
// one report at the end, and no action is larger than what it may be.
#pragma once

#include <cstdlib>
#include <set>

#include "radio/frame_radio.h"

namespace waypost {

class DrivenRadio {
  public:
    explicit DrivenRadio(FrameRadio& radio) : radio_(radio) { take(radio_.opened(now_)); }

    void feed(std::string_view bytes, std::size_t piece) {
        for (std::size_t at = 0; at < bytes.size(); at += piece) {
            take(radio_.received(bytes.substr(at, piece), now_));
            now_ += milliseconds(40);
            if (now_ >= radio_.next_tick()) take(radio_.tick(now_));
            if (radio_.room() > 0) {
                handed_.insert(++last_);
                take(radio_.send({last_, "frame", {}}, now_));
            }
        }
    }
    void close() {
        take(radio_.closed(now_));
        if (!handed_.empty()) std::abort();
    }

  private:
    void take(const RadioActions& actions) {
        for (const FrameReport& each : actions.reports) {
            if (handed_.erase(each.id) != 1) std::abort();
        }
        for (const FrameIn& each : actions.heard) {
            if (each.bytes.size() > 1024) std::abort();
        }
        if (actions.write.size() > 8192) std::abort();
    }

    FrameRadio& radio_;
    BoxTime now_ = box_from_ms(1'000);
    std::set<std::uint32_t> handed_;
    std::uint32_t last_ = 0;
};

}  // namespace waypost
