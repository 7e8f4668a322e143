// SPDX-License-Identifier: Apache-2.0
// Hundreds of handhelds as one antenna: each is one hop from the box, acknowledges what is for it,
// and says a line up to three times until the box acknowledged it. What is modelled: among
// themselves they never talk at once (one queue for all, acknowledgements first), and they relay
// nothing; of the frames on their way to them the share `loss` gets lost. One thread.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <set>
#include <string>

#include "radio/simulator/mesh_node.h"

namespace waypost::village {

// A frame that the box's device sent.
struct FromBox {
    milliseconds airtime{0};
    std::string text;  // empty: no text
};

class Crowd final : public simulator::Antenna {
  public:
    Crowd(simulator::Scheduler& scheduler, simulator::Air& air, Random& random, int count,
          double loss);

    // Everybody and the box hold each other's keys. Before the first line.
    void meet(simulator::MeshNode& box);
    void says(int who, const std::string& text);
    static std::uint32_t number(int who) { return 0x1000 + static_cast<std::uint32_t>(who); }

    void receive(const simulator::OnAir& frame, float snr) override;
    bool on() const override { return true; }
    std::uint64_t given_up() const { return given_up_; }  // lines that never reached the box

    std::function<void(int who, const std::string& text)> on_shown;
    std::function<void(const FromBox&)> on_box_sends;
    // Of a text of the box, what its acknowledgement takes on air.
    std::function<void(const std::string& text, milliseconds airtime)> on_acknowledges;

  private:
    struct Waiting {
        simulator::OnAir frame;
        int tries = 0;
    };
    static std::string key(int who);
    simulator::OnAir frame(int who, std::uint32_t port, const std::string& payload) const;
    milliseconds acknowledge(int who, std::uint32_t id);  // its airtime
    void pump();
    void send(Waiting next);
    void again(std::uint32_t id, int tries);
    bool is_new(std::uint32_t id);

    simulator::Scheduler& scheduler_;
    simulator::Air& air_;
    Random& random_;
    int index_ = 0;
    int count_;
    double loss_;
    std::uint32_t box_ = 0;
    std::string box_key_;
    bool sending_ = false;
    bool listening_ = false;
    std::deque<Waiting> acks_;
    std::deque<Waiting> lines_;
    std::map<std::uint32_t, Waiting> unacked_;  // by packet id
    std::set<std::uint32_t> seen_;
    std::deque<std::uint32_t> seen_order_;
    std::uint32_t next_id_ = 1;
    std::uint64_t given_up_ = 0;
};

}  // namespace waypost::village
