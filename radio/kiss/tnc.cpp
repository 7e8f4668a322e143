// SPDX-License-Identifier: Apache-2.0
#include "radio/kiss/tnc.h"

#include <utility>

namespace waypost::kiss {

void Tnc::from_host(std::string_view bytes) {
    for (Frame& frame : parser_.feed(bytes)) {
        if (frame.type == 0xFF || frame.command() != kData || frame.data.empty()) continue;
        if (frame.port() != 0 || waiting_.size() >= 4 * kMostWaiting) {
            ++dropped_;
        } else if (frame.data.size() > most_frame_) {
            ++too_long_;
        } else {
            waiting_.push_back(std::move(frame.data));
        }
    }
}

std::optional<std::string> Tnc::next_frame() {
    if (waiting_.empty()) return std::nullopt;
    std::string frame = std::move(waiting_.front());
    waiting_.pop_front();
    return frame;
}

std::string Tnc::to_host(std::string_view heard) { return encode({kData, std::string(heard)}); }

}  // namespace waypost::kiss
