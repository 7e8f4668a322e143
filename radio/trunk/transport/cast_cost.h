// SPDX-License-Identifier: Apache-2.0
// Whether a cast takes less airtime than sending to each: both reckoned to the end, with answers,
// and with what is lost on the way. Pure.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <vector>

namespace waypost::trunk {

struct CastPlan {
    struct Receiver {
        std::size_t alone = 0;       // bytes of what would go to it alone
        std::size_t invitation = 0;  // bytes
        double loss = 0;             // of frames to it
    };
    std::size_t bytes = 0;    // to be cast
    std::size_t payload = 0;  // of one frame
    std::vector<Receiver> receivers;
};
using AirtimeOf = std::function<std::chrono::microseconds(std::size_t bytes)>;

std::chrono::microseconds airtime_alone(const CastPlan& plan, const AirtimeOf& airtime);
std::chrono::microseconds airtime_cast(const CastPlan& plan, const AirtimeOf& airtime);

}  // namespace waypost::trunk
