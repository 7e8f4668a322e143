// SPDX-License-Identifier: Apache-2.0
// One channel that simulated frame modems share: a frame is heard by all others when its airtime is
// over, unless it is lost, collides or the listener was sending. Seeded: the same seed and the same
// calls give the same history. Time is what the caller says; it never goes back. One thread.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "gateway/base/clock.h"
#include "gateway/base/random.h"

namespace waypost::simulator {

using std::chrono::microseconds;

// Independent, or in bursts as Gilbert and Elliott have it: a good state without loss and a bad one
// that loses `inside` of its frames and lasts `burst` frames in the mean. Each link and direction
// has a state of its own.
struct FrameLoss {
    double rate = 0;   // of all frames in the long run; 1: they do not hear each other at all
    double burst = 0;  // frames; 0: independent
    double inside = 0.9;
};

struct FrameAirOptions {
    FrameLoss loss{};    // of every link that nothing else describes
    double damaged = 0;  // share of frames heard in which one bit is another
    int rssi_dbm = -90;  // of every frame heard
    float snr_db = 6;
};

struct AirFrame {
    int from = 0;
    std::string bytes;
    int rssi_dbm = 0;
    float snr_db = 0;
    BoxTime at;  // when its last bit came
};

class FrameAir {
  public:
    using Hear = std::function<void(const AirFrame&)>;  // called by step(); may transmit()

    explicit FrameAir(Random& random, FrameAirOptions options = {});

    int attach(Hear hear);
    // Stations hear those with the same number alone (frequency, spreading factor, network ...).
    // What is on air meanwhile is lost to a station that tunes.
    void tune(int station, std::uint32_t channel);
    void link(int from, int to, FrameLoss loss);  // one way

    // Starts now; the end of it. A station that is sending already throws std::logic_error.
    BoxTime transmit(int station, std::string bytes, microseconds airtime, BoxTime now);
    bool busy(int station, BoxTime now) const;     // carrier sense: it hears another one
    bool sending(int station, BoxTime now) const;  // itself
    void step(BoxTime now);                        // all that ends until then is heard
    BoxTime next() const;  // when something ends; BoxTime::max(): nothing is on air

    microseconds used() const { return used_; }  // on air so far, of all
    std::uint64_t frames() const { return frames_; }
    std::uint64_t collisions() const { return collisions_; }

  private:
    struct Flight {
        AirFrame frame;
        std::uint32_t channel = 0;
        std::set<int> spoiled;  // stations that lost it to another, or to their own sending
    };
    struct Link {
        FrameLoss loss;
        bool bad = false;
    };

    Link& link_between(int from, int to);
    bool hears(int from, int to) const;
    bool lost(Link& link);
    bool chance(double share);
    void collide(Flight& one, Flight& other);
    void deliver(const Flight& flight);

    Random& random_;
    FrameAirOptions options_;
    std::vector<Hear> stations_;
    std::vector<std::uint32_t> channels_;
    std::map<std::pair<int, int>, Link> links_;
    std::multimap<BoxTime, Flight> on_air_;  // by their ends
    microseconds used_{0};
    std::uint64_t frames_ = 0;
    std::uint64_t collisions_ = 0;
};

}  // namespace waypost::simulator
