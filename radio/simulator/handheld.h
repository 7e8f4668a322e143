// SPDX-License-Identifier: Apache-2.0
// A person's handheld: a simulated node with a screen and no host. One thread, virtual time.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <string>

#include "gateway/base/result.h"
#include "radio/simulator/mesh_node.h"

namespace waypost::simulator {

// What the screen shows.
struct Shown {
    BoxTime at{};
    std::uint32_t from = 0;
    std::uint32_t packet_id = 0;
    std::uint32_t reply_id = 0;  // the packet that this answers
    bool reaction = false;       // `text` is one emoji
    bool direct = false;         // to this handheld alone; else to all
    bool alert = false;
    std::string text;
};

// The mark beside a message that was sent.
struct Tick {
    enum class State { Waiting, Relayed, Delivered, Failed };
    State state = State::Waiting;
    std::uint32_t to = 0;
    std::uint32_t by = 0;     // who said so
    std::uint32_t error = 0;  // Routing.Error of a failure
};

class Handheld {
  public:
    explicit Handheld(MeshNode& node);

    // The packet's id; Refused while it is off, TooLarge above 200 bytes (what the apps let pass).
    Result<std::uint32_t> send_dm(std::uint32_t to, const std::string& text);
    Result<std::uint32_t> send_all(const std::string& text);
    Result<std::uint32_t> alert(const std::string& text);  // the critical bell, to all
    Result<std::uint32_t> reply(const Shown& shown, const std::string& text);
    Result<std::uint32_t> react(const Shown& shown, const std::string& emoji);
    void turn(bool on);  // on: it announces itself
    bool on() const { return node_.on(); }

    const std::deque<Shown>& inbox() const { return inbox_; }  // the last 200
    Tick tick(std::uint32_t packet_id) const;
    MeshNode& node() { return node_; }

    std::function<void(const Shown&)> on_shown;
    std::function<void(std::uint32_t packet_id, const Tick&)> on_tick;

  private:
    Result<std::uint32_t> send(std::uint32_t to, pb::Data data);
    void take(const pb::MeshPacket& packet);
    void mark(std::uint32_t id, Tick::State state, std::uint32_t by, std::uint32_t error);

    MeshNode& node_;
    std::deque<Shown> inbox_;
    std::map<std::uint32_t, Tick> ticks_;  // by packet id
};

}  // namespace waypost::simulator
