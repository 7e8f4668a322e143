// SPDX-License-Identifier: Apache-2.0
// Two rate limits at once: units of the online protocol, as nncp counts, and bytes. Values only.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>

namespace waypost::nncp {

struct Rates {
    double units = 0;  // a second; 0: no limit
    double bytes = 0;  // a second; 0: no limit
};

class Pace {
  public:
    using Time = std::chrono::steady_clock::time_point;
    void limit(const Rates& rates) { rates_ = rates; }
    // The next may go from then on.
    Time ready() const { return ready_; }
    void spend(double units, double bytes, Time now) {
        double seconds = 0;
        if (rates_.units > 0) seconds = units / rates_.units;
        if (rates_.bytes > 0) seconds = std::max(seconds, bytes / rates_.bytes);
        if (seconds <= 0) return;
        ready_ = std::max(ready_, now) +
                 std::chrono::duration_cast<Time::duration>(std::chrono::duration<double>(seconds));
    }

  private:
    Rates rates_;
    Time ready_{};
};

}  // namespace waypost::nncp
