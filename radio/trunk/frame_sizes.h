// SPDX-License-Identifier: Apache-2.0
// Which length of frame carries most: long frames have less head, short ones are hit less often
// where loss grows with airtime. Learnt from what arrived of each length.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <functional>

namespace waypost::trunk {

class FrameSizes {
  public:
    static constexpr std::array<std::size_t, 3> kSizes{255, 170, 110};
    using Airtime = std::function<std::chrono::microseconds(std::size_t bytes)>;

    // Of `sent` frames of about this length so many did not arrive.
    void count(std::size_t bytes, int sent, int missing);
    // For the next object; kSizes or `payload` if that is less.
    std::size_t next(std::size_t payload, const Airtime& airtime);

  private:
    struct Seen {
        double sent = 0;
        double lost = 0;
        bool known() const { return sent >= 24; }
        double loss() const { return (lost + 0.2) / (sent + 2); }
    };
    static std::size_t nearest(std::size_t bytes);
    double carried(std::size_t which, const Airtime& airtime) const;

    std::array<Seen, 3> seen_{};
    std::size_t present_ = 0;
};

}  // namespace waypost::trunk
