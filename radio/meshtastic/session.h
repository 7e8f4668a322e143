// SPDX-License-Identifier: Apache-2.0
// The host's side of one Meshtastic device, without I/O or clock: bytes and time in, actions out.
// Handshake, node database, pacing, acks and routing errors, reboots (host protocol as of firmware
// 2.8). One object per device, one thread at a time. A radio's ack is the radio's: it says that a
// node has the packet, never that a host or a person has the text.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "gateway/base/packet_tail.h"
#include "gateway/signal_test.h"
#include "gateway/transport.h"
#include "radio/airtime/airtime.h"
#include "radio/airtime/ledger.h"
#include "radio/airtime/shared_band.h"
#include "radio/line_is_down.h"
#include "radio/meshtastic/broker_hub.h"
#include "radio/meshtastic/stream_codec.h"

namespace waypost::meshtastic {

namespace pb {
class Channel;
class DeviceMetrics;
class FromRadio;
class LoRaConfig;
class MeshPacket;
class MqttClientProxyMessage;
class MqttConfig;
class NodeInfo;
}  // namespace pb

struct SessionOptions {
    int share_percent = 25;             // of what the region's law allows this radio in an hour
    milliseconds text_gap{2500};        // firmware refuses texts closer than 2 s
    milliseconds verdict_wait{75'000};  // want_ack may take a minute on slow presets
    milliseconds heartbeat{300'000};    // the device cuts a host silent for 15 minutes
    std::shared_ptr<SharedBand> band;   // null: it shares its band with no other radio
};

// A text to one node.
struct Outgoing {
    AttemptId attempt;
    std::uint32_t packet_id = 0;
    std::uint32_t to = 0;
    std::string text;
    std::uint32_t reply_id = 0;
    bool alarm = false;
    bool again = false;    // the device may have had this packet id before
    bool dropped = false;  // was cancelled before it began: not to be sent
};

struct TextIn {
    std::uint32_t from = 0;
    std::uint32_t packet_id = 0;
    std::uint32_t reply_id = 0;
    std::string text;
    bool direct = false;  // to us; else heard on a channel
    bool reaction = false;
    bool alert = false;
    bool sealed = false;  // under the sender's own key (PKC)
    std::string key;      // that key, where the device says it
};

struct Actions {
    std::string write;     // bytes for the line
    bool reopen = false;   // close the line and open it again after a pause
    bool changed = false;  // up, down, room: worth telling the dispatcher
    bool spent = false;    // the record of airtime is another: worth remembering before the write
    std::vector<TextIn> texts;
    std::vector<PacketSeen> packets;  // as whoever looks on may see them; without time
    std::vector<std::pair<std::uint32_t, Heard>> heard;
    std::vector<std::pair<AttemptId, Outcome>> outcomes;
    std::vector<std::pair<std::uint32_t, Proof>> proofs;  // by packet id, of attempts that ended
    std::vector<FromDevice> for_broker;
    std::optional<std::int64_t> unix_time;  // what time it is, where the device itself knows
    std::optional<BrokerFactsPtr> facts;    // it has told about itself, or (null) its line is lost
};

struct DeviceInfo {
    std::uint32_t number = 0;
    std::string name;
    std::string firmware;
    int region = 0;
    int preset = 0;
    bool use_preset = true;
    std::uint32_t hop_limit = 3;
    float channel_utilization = 0;
    float air_use = 0;  // percent of the last hour that it sent, by its own account
    std::uint32_t reboots = 0;
    std::optional<int> battery;  // percent; none: it tells none, or runs from no battery
};

class Session {
  public:
    Session(SessionOptions options, Random& random);
    ~Session();
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;

    Actions opened(BoxTime now);
    Actions received(std::string_view bytes, BoxTime now);
    // What has not been written yet is given back as not tried; what was under way has until its
    // verdict is due: if the device is back by then, it goes again under its packet id.
    Actions closed(BoxTime now);
    // The device will not be back: what was under way has no verdict to wait for either.
    Actions give_back(BoxTime now);
    // Before send() of this text, and on record before it may be written: all that it may cost.
    void promise(const Outgoing& out);
    Actions send(Outgoing out, BoxTime now);
    // What came by a broker; dropped where too much waits or the airtime for it is used up.
    Actions from_broker(ForDevice item, BoxTime now);
    Actions tick(BoxTime now);
    BoxTime next_tick() const { return next_tick_; }
    // As TestsSignal says; it goes with the next tick.
    Result<void> ask_signal(std::uint32_t node, BoxTime now);
    const std::optional<SignalTest>& signal_test() const { return signal_test_; }

    bool ready() const { return phase_ == Phase::Ready; }
    const DeviceInfo& device() const { return device_; }
    std::string why_down() const;
    std::size_t nodes_heard() const { return nodes_.size(); }
    std::size_t nodes_heard_since(BoxTime since) const;  // by us, not as the device remembers
    // Box time when a node was last heard, and over how many hops; nullopt: never.
    std::optional<std::pair<BoxTime, int>> heard_of(std::uint32_t node) const;
    AirtimeLedger& ledger() { return ledger_; }
    const AirtimeLedger& ledger() const { return ledger_; }
    // The ledger for the transport's durable state, with what was promised and not spent yet.
    std::string airtime_record(BoxTime now) const;
    std::uint64_t undecoded() const { return undecoded_; }
    std::uint64_t broker_dropped() const { return broker_dropped_; }

  private:
    static constexpr std::size_t kMostNodes = 2000;
    enum class Phase { Closed, Handshake, Ready };
    struct Node {
        BoxTime heard{};
        int hops = -1;
        std::string name, short_name, public_key;
        bool messageable = true;
        bool unsealable = false;    // the device said that it does not seal to it
        std::uint32_t channel = 0;  // index, on this device, of the one it was last heard on
        BoxTime greeted{};
    };
    struct Flight {
        Outgoing out;
        BoxTime sent;
        BoxTime deadline;
        milliseconds airtime{0};
        bool sealed = false;  // the device was told to seal it to the node's key, or not to send it
        std::uint32_t channel = 0;  // under whose key it went else
    };

    struct Probe {
        std::uint32_t node = 0;
        std::uint32_t packet_id = 0;  // 0: none is under way
        bool written = false;
        BoxTime asked{};  // of the last one
    };

    bool is_message(const std::string& payload);
    void take(const std::vector<std::string>& payloads, BoxTime now, Actions& actions);
    void from_radio(const std::string& payload, BoxTime now, Actions& actions);
    // session_handshake.cpp
    void take_lora(const pb::LoRaConfig& lora);
    void handle_node(const pb::NodeInfo& info, BoxTime now);
    void handle_complete(BoxTime now, Actions& actions);

    // session_broker.cpp
    void take_channel(const pb::Channel& channel);
    void take_mqtt(const pb::MqttConfig& mqtt);
    BrokerFactsPtr broker_facts() const;
    void handle_for_broker(const pb::MqttClientProxyMessage& message, Actions& actions);
    BoxTime broker_due() const;
    void pump_broker(BoxTime now, Actions& actions);
    bool pay_for_broker(const ForDevice& item, milliseconds cost, BoxTime now, Actions& actions);
    void drop_for_device();
    static void hand_down(const ForDevice& item, Actions& actions);
    void say_on_channel(const ForDevice& item, BoxTime now, Actions& actions);

    // session_signal.cpp
    void send_probe(Actions& actions);
    void handle_trace(const pb::MeshPacket& packet, BoxTime now);
    void end_probe(const std::string& why);
    void expire_probe(BoxTime now);
    BoxTime probe_due() const;

    void handle_packet(const pb::MeshPacket& packet, BoxTime now, Actions& actions);
    void handle_routing(const pb::MeshPacket& packet, BoxTime now, Actions& actions);
    void handle_text(const pb::MeshPacket& packet, BoxTime now, Actions& actions);
    void hear(std::uint32_t number, const pb::MeshPacket& packet, BoxTime now, Actions& actions);
    void greet(std::uint32_t number, BoxTime now, Actions& actions);
    void forget_longest_unheard();
    bool send_user(std::uint32_t to, bool ask_back, BoxTime now, Actions& actions);
    void finish(std::uint32_t packet_id, Outcome outcome, Actions& actions);
    void count_repeats(Flight& flight, std::uint32_t error, BoxTime now, Actions& actions);
    void exchange_keys(std::uint32_t packet_id, std::uint32_t to, std::uint32_t error, BoxTime now,
                       Actions& actions);
    void answer_on_first_channel(std::uint32_t packet_id, Actions& actions);
    void ask_for_room(BoxTime now, Actions& actions);
    void pump(BoxTime now, Actions& actions);
    void push_out_old_ids(Actions& actions);
    bool can_seal(std::uint32_t to) const;
    std::uint32_t channel_of(std::uint32_t node) const;
    void transmit(Outgoing out, BoxTime now, Actions& actions);
    void spend(BoxTime now, milliseconds airtime, Actions& actions);
    void not_tried(const Outgoing& out, Outcome outcome, Actions& actions);
    void promise_flights_again(Actions& actions);
    void count_ack(const pb::MeshPacket& packet, BoxTime now);
    void take_metrics(const pb::DeviceMetrics& metrics, BoxTime now);
    void expire(BoxTime now, Actions& actions);
    void end_without_verdict(std::uint32_t packet_id, std::uint32_t error, BoxTime now,
                             Actions& actions);
    void set_budget();
    static milliseconds at_worst(milliseconds once);
    milliseconds needed(milliseconds once, bool alarm) const;
    milliseconds at_risk() const;
    milliseconds promised() const;
    Outcome no_airtime(const Outgoing& out, milliseconds cost, BoxTime now) const;
    milliseconds airtime(std::size_t text_bytes, bool reply) const;
    milliseconds airtime(const Outgoing& out) const;
    milliseconds airtime_of_bytes(std::size_t bytes) const;
    bool seen(std::uint32_t from, std::uint32_t id);
    Actions done(Actions actions, BoxTime now);

    SessionOptions options_;
    Random& random_;
    Phase phase_ = Phase::Closed;
    StreamParser parser_;
    DeviceInfo device_;
    std::map<std::uint32_t, Node> nodes_;  // bounded
    BoxTime greeting_since_{};             // the hour in which so many
    int greetings_ = 0;                    // were told who we are
    std::deque<Outgoing> pending_;
    std::map<std::uint32_t, Flight> flights_;         // by packet id
    std::map<std::uint32_t, milliseconds> promised_;  // likewise: what it may cost yet
    std::set<std::pair<std::uint32_t, std::uint32_t>> seen_;
    std::deque<std::pair<std::uint32_t, std::uint32_t>> seen_order_;
    Probe probe_;
    std::optional<SignalTest> signal_test_;  // of probe_
    AirtimeLedger ledger_;
    BrokerFacts broker_;  // as far as it has told them
    std::deque<ForDevice> for_device_;
    AirtimeLedger broker_ledger_;  // of what came by a broker
    BoxTime next_for_device_{};
    std::uint64_t broker_dropped_ = 0;
    std::uint32_t config_nonce_ = 0;
    std::uint32_t queue_free_ = 16;
    BoxTime next_send_{};
    BoxTime hold_until_{};
    BoxTime next_ask_{};        // whether the device's queue has room
    BoxTime verdicts_until_{};  // texts but alarms wait for what is in the air
    milliseconds text_budget_{0};
    BoxTime deadline_{};    // of the handshake
    BoxTime last_heard_{};  // a message of the device itself; noise on the line is none
    BoxTime last_bytes_{};
    BoxTime next_heartbeat_{};
    BoxTime next_tick_{};
    std::uint64_t undecoded_ = 0;
};

// What a routing error means for the attempt (Meshtastic Routing.Error).
Outcome outcome_of(std::uint32_t routing_error);

}  // namespace waypost::meshtastic
