// SPDX-License-Identifier: Apache-2.0
// A simulated MeshCore radio: flooding and paths, acks, adverts, channels, a table of contacts
// (behaviour of firmware of August 2026 as far as others can see it). What it sends are real
// packets. One thread, virtual time.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "radio/airtime/airtime.h"
#include "radio/meshcore/air_seal.h"
#include "radio/simulator/frame_air.h"
#include "radio/simulator/scheduler.h"

namespace waypost::meshcore {

using simulator::AirFrame;
using simulator::FrameAir;
using simulator::Scheduler;

struct NodeOptions {
    std::string name;
    std::uint8_t type = kChat;
    std::size_t most_contacts = 100;
    bool manual_add = false;  // new contacts are told and not kept
    LoraParams lora;
    std::uint32_t time = 1'800'000'000;  // Unix seconds at virtual time 0
};

// A text as its recipient has it.
struct GotText {
    std::string from;  // key of the contact, or empty on a channel
    PlainText plain;
    int channel = -1;
    int path_length = kNoPath;  // of a flooded one
    float snr_db = 0;
};

struct Launched {
    bool flood = false;
    std::uint32_t ack = 0;
    std::uint32_t timeout_ms = 0;  // of virtual time
};

class Node {
  public:
    Node(Scheduler& scheduler, FrameAir& air, Random& random, NodeOptions options);
    Node(const Node&) = delete;
    Node& operator=(const Node&) = delete;

    const Identity& identity() const { return identity_; }
    NodeOptions& options() { return options_; }
    std::uint32_t now() const;
    void set_clock(std::uint32_t unix_seconds);
    std::uint32_t unique_time();  // never the same twice

    // nullopt: it has no such contact, or the text is too long. `author`: of a post of a room.
    std::optional<Launched> send_text(std::string_view prefix, int attempt, const PlainText& text);
    bool send_on_channel(int index, std::uint32_t time, const std::string& text);
    void advertise(bool flood);
    std::string own_advert();  // a whole packet
    std::optional<Launched> send_login(const std::string& key, const std::string& password);
    void answer(const std::string& key, const std::string& plain);  // a Response

    Contact* contact(std::string_view prefix);
    std::map<std::string, Contact>& contacts() { return contacts_; }
    bool add(const Contact& contact);           // false: the table is full
    bool take_advert(std::string_view packet);  // as if it had been heard
    std::map<int, Channel>& channels() { return channels_; }
    void turn(bool on) { on_ = on; }
    bool on() const { return on_; }
    milliseconds sent_time() const { return sent_time_; }  // on air, since it is

    std::function<void(const GotText&)> on_text;
    std::function<void(std::uint32_t)> on_ack;
    std::function<void(const Contact&, bool kept)> on_advert;
    std::function<void()> on_full;
    std::function<void(const std::string& key)> on_path;
    std::function<void(const std::string& key, const std::string& plain)> on_response;
    std::function<void(const std::string& key, const std::string& plain)> on_login;
    std::function<void(const AirFrame&)> on_packet;
    std::function<void(const std::string&)> on_sent;  // bytes as they go on air

  private:
    void send(AirPacket packet, milliseconds delay = milliseconds(0));
    void send_along(AirPacket packet, const Contact& to, milliseconds delay = milliseconds(0));
    void transmit_next();
    void hear(const AirFrame& frame);
    void process(const AirPacket& packet, const AirFrame& frame);
    void relay(AirPacket packet);
    void take_sealed(const AirPacket& packet, const AirFrame& frame);
    void take_text(Contact& from, const AirPacket& packet, const std::string& plain,
                   const AirFrame& frame);
    void take_path(Contact& from, const AirPacket& packet, const std::string& plain);
    void take_group(const AirPacket& packet, const AirFrame& frame);
    void take_advert(const Advert& advert);
    void take_login(const AirPacket& packet);
    void acknowledge(const Contact& to, const AirPacket& packet, std::uint32_t ack);
    bool seen(const AirPacket& packet);
    std::uint8_t hash() const { return static_cast<std::uint8_t>(identity_.key[0]); }
    AirPacket sealed_to(const Contact& to, PacketType type, const std::string& plain) const;
    Launched launch(AirPacket packet, const Contact& to);
    milliseconds airtime(std::size_t bytes) const;

    Scheduler& scheduler_;
    FrameAir& air_;
    Random& random_;
    NodeOptions options_;
    Identity identity_;
    int station_ = 0;
    bool on_ = true;
    std::int64_t clock_shift_ = 0;  // seconds
    std::uint32_t last_time_ = 0;
    std::map<std::string, Contact> contacts_;
    std::map<int, Channel> channels_;
    std::deque<std::string> queue_;
    bool sending_ = false;
    milliseconds sent_time_{0};
    std::set<std::string> seen_;
    std::deque<std::string> seen_order_;
};

}  // namespace waypost::meshcore
