// SPDX-License-Identifier: Apache-2.0
// The sending half of a simulated radio: a queue of 16, urgent packets first, listens before it
// talks, counts its airtime against the region's law. One thread.
#pragma once

#include <deque>
#include <functional>
#include <vector>

#include "radio/airtime/ledger.h"
#include "radio/simulator/air.h"

namespace waypost::simulator {

inline constexpr int kQueueLength = 16;

class Transmitter {
  public:
    // `region` by Meshtastic's number: it fixes the airtime that the law allows.
    Transmitter(Scheduler& scheduler, Air& air, Random& random, int region);
    void attach(int antenna) { antenna_ = antenna; }

    void queue(OnAir frame, milliseconds delay);
    bool waiting(std::uint32_t from, std::uint32_t id) const;
    void cancel(std::uint32_t from, std::uint32_t id);
    void turn(bool on);  // off forgets the queue
    bool on() const { return on_; }
    int free() const { return std::max(0, kQueueLength - static_cast<int>(queue_.size())); }
    bool may_spend(milliseconds airtime) const;

    void heard(milliseconds airtime);   // somebody else's packet, for the channel's use
    float channel_utilization() const;  // percent of the last minute
    float air_util_tx() const;          // percent of the last hour
    int contention_window() const;      // 3 to 8, by the channel's use
    milliseconds slots(double count) const;
    milliseconds some_slots(int window);  // 0 to 2^window, by chance

    std::function<void(const OnAir&)> on_start;
    std::function<void(const OnAir&)> on_left;

  private:
    struct Waiting {
        OnAir frame;
        BoxTime due;
    };
    std::vector<Waiting>::iterator most_urgent();
    void pump();
    void transmit(const OnAir& frame);

    Scheduler& scheduler_;
    Air& air_;
    Random& random_;
    int antenna_ = 0;
    bool on_ = true;
    bool sending_ = false;
    bool listening_ = false;  // waits for a quiet channel
    std::vector<Waiting> queue_;
    AirtimeLedger ledger_;
    std::deque<std::pair<BoxTime, milliseconds>> busy_;  // of the last minute
    std::chrono::microseconds slot_;
};

}  // namespace waypost::simulator
