// SPDX-License-Identifier: Apache-2.0
// One LoRa channel that all simulated radios share: real time on air, loss and strength by link,
// collisions with capture, half duplex. Seeded: the same seed and the same calls give the same
// history. One thread.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "gateway/base/random.h"
#include "meshtastic.pb.h"
#include "radio/airtime/airtime.h"
#include "radio/simulator/scheduler.h"

namespace waypost::simulator {

namespace pb = waypost::meshtastic::pb;

// A packet with what only the radio header carries.
struct OnAir {
    pb::MeshPacket packet;
    std::uint8_t next_hop = 0;  // low byte of the only node that shall repeat it; 0: any
    std::uint8_t relay_node = 0;
    std::string sealed_for;  // the public key that a sealed packet is meant for
};

// A radio as the channel sees it.
class Antenna {
  public:
    virtual ~Antenna() = default;
    virtual void receive(const OnAir& frame, float snr) = 0;
    virtual bool on() const = 0;
};

struct Link {
    double loss = 0;  // 0 to 1; 1: they do not hear each other
    float snr = 8;    // dB
};

// What a village's ground does to a signal: 10 dB at 500 m, 29 dB less for every tenfold distance;
// loss grows as the signal nears the limit of the spreading factor.
Link link_over(double metres, const LoraParams& lora);

struct AirOptions {
    LoraParams lora;
    double loss = 0;       // of every link that nothing else describes
    float capture_db = 6;  // so much stronger, and a packet survives another
};

struct AirEvent {
    enum class What { Sent, Heard, Lost, Collided };
    BoxTime at;
    What what = What::Sent;
    int from = 0;
    int to = -1;  // listener; -1 for Sent
    std::uint32_t packet_id = 0;
};

class Air {
  public:
    Air(Scheduler& scheduler, Random& random, AirOptions options);

    int add(Antenna& antenna);           // not owned; must outlive the scheduler's last event
    void link(int a, int b, Link link);  // both ways; wins over positions
    void place(int antenna, double x, double y);  // metres
    std::optional<Link> hears(int a, int b) const;

    milliseconds airtime(const pb::MeshPacket& packet) const;
    bool busy(int listener) const;  // carrier sense
    void transmit(int sender, const OnAir& frame);
    void watch(std::function<void(const AirEvent&)> watcher) { watcher_ = std::move(watcher); }

    const LoraParams& lora() const { return options_.lora; }
    std::uint64_t transmissions() const { return transmissions_; }
    std::uint64_t collisions() const { return collisions_; }
    milliseconds used() const { return used_; }

  private:
    struct Sending {
        int sender;
        std::set<int> spoiled;  // listeners that lost it to another transmission
    };
    void collide(Sending& mine, Sending& other);
    void finish(std::uint64_t number, const OnAir& frame);
    void tell(AirEvent::What what, int from, int to, std::uint32_t id);

    Scheduler& scheduler_;
    Random& random_;
    AirOptions options_;
    std::vector<Antenna*> antennas_;
    std::map<std::pair<int, int>, Link> links_;
    std::map<int, std::pair<double, double>> places_;
    std::map<std::uint64_t, Sending> sending_;
    std::function<void(const AirEvent&)> watcher_;
    std::uint64_t transmissions_ = 0;
    std::uint64_t collisions_ = 0;
    milliseconds used_{0};
};

}  // namespace waypost::simulator
