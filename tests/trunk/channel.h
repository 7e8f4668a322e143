// SPDX-License-Identifier: Apache-2.0
// A half-duplex LoRa channel in virtual time: exact time on air, loss, and what an attacker or a
// bad receiver adds. Frames that overlap are lost to all.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "gateway/base/clock.h"
#include "gateway/base/random.h"
#include "radio/airtime/airtime.h"

namespace waypost::trunk {

struct ChannelOptions {
    LoraParams lora{.preamble_symbols = 8};
    double loss = 0;
    bool bursts = false;  // Gilbert-Elliott: bursts of 3 frames in the mean, 90 % lost inside
    milliseconds turn_round{50};  // after sending, a station hears nothing so long
    double flips = 0;             // share of the frames that come with a bit flipped
    double duplicates = 0;        // ... that come twice
    double replays = 0;           // ... after which an old frame is sent by a stranger
    double strangers = 0;         // ... after which noise comes as a frame
    std::uint64_t seed = 1;
};

class Channel {
  public:
    using Hear = std::function<void(const std::string& packet, BoxTime now)>;
    using Ended = std::function<void(BoxTime now)>;

    explicit Channel(ChannelOptions options);

    int join(Hear hear);  // number of the station
    std::chrono::microseconds airtime(std::size_t bytes) const {
        return time_on_air(options_.lora, bytes);
    }
    void send(int station, std::string packet, BoxTime now, Ended ended);
    // What the station had on air goes on without it.
    void gone(int station);
    BoxTime next() const;  // end of a frame; BoxTime::max(): the air is free
    void run(BoxTime now);

    std::chrono::microseconds all_airtime() const { return all_airtime_; }
    std::size_t bytes() const { return bytes_; }
    std::size_t spoilt() const { return spoilt_; }  // frames that overlapped

  private:
    struct OnAir {
        int station;
        std::string packet;
        BoxTime began, ends;
        bool spoilt = false;
        Ended ended;
    };
    struct Member {
        Hear hear;
        BoxTime deaf_until{};
    };
    bool chance(double share);
    bool lost();
    void deliver(const OnAir& frame, BoxTime now);
    void mischief(const OnAir& frame, BoxTime now);

    ChannelOptions options_;
    std::unique_ptr<Random> random_;
    std::vector<Member> members_;
    std::vector<OnAir> on_air_;
    std::vector<std::string> old_;
    bool bad_ = false;
    std::chrono::microseconds all_airtime_{0};
    std::size_t bytes_ = 0, spoilt_ = 0;
};

}  // namespace waypost::trunk
