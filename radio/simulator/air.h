// SPDX-License-Identifier: Apache-2.0
// One LoRa channel that all simulated radios share: real time on air, loss by link, collisions.
// Seeded: the same seed and the same calls give the same history. One thread.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <vector>

#include "gateway/base/random.h"
#include "meshtastic.pb.h"
#include "radio/airtime/airtime.h"
#include "radio/simulator/scheduler.h"

namespace waypost::simulator {

namespace pb = waypost::meshtastic::pb;

// A radio as the channel sees it.
class Antenna {
  public:
    virtual ~Antenna() = default;
    virtual void receive(const pb::MeshPacket& packet, float snr) = 0;
    virtual bool on() const = 0;
};

struct AirOptions {
    LoraParams lora;
    double loss = 0;  // of every link, 0 to 1, where no link says otherwise
};

class Air {
  public:
    Air(Scheduler& scheduler, Random& random, AirOptions options);

    int add(Antenna& antenna);
    // Loss between two radios, both ways; 1: they do not hear each other.
    void link(int a, int b, double loss);
    milliseconds airtime(const pb::MeshPacket& packet) const;
    bool busy(int listener) const;  // carrier sense
    void transmit(int sender, const pb::MeshPacket& packet);

    std::uint64_t transmissions() const { return transmissions_; }
    std::uint64_t collisions() const { return collisions_; }
    milliseconds used() const { return used_; }

  private:
    struct Sending {
        int sender;
        BoxTime from, to;
        std::vector<int> spoiled;  // listeners that lost it to a collision
    };
    double loss(int a, int b) const;
    void finish(std::uint64_t number, const pb::MeshPacket& packet);

    Scheduler& scheduler_;
    Random& random_;
    AirOptions options_;
    std::vector<Antenna*> antennas_;
    std::map<std::pair<int, int>, double> links_;
    std::map<std::uint64_t, Sending> sending_;
    std::uint64_t transmissions_ = 0;
    std::uint64_t collisions_ = 0;
    milliseconds used_{0};
};

}  // namespace waypost::simulator
