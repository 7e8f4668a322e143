// SPDX-License-Identifier: Apache-2.0
#include "radio/meshtastic/session.h"

#include <algorithm>

#include "gateway/message/text.h"
#include "meshtastic.pb.h"
#include "radio/meshtastic/packet_words.h"
#include "radio/meshtastic/position.h"

namespace waypost::meshtastic {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

constexpr minutes kSilence{7};  // heartbeats are answered: longer means that the link is dead
constexpr seconds kHalfFrameWait{10};
constexpr std::size_t kMostSeen = 512;

template <class Message>
std::string framed(const Message& message) {
    return frame(message.SerializeAsString());
}

}  // namespace

Session::Session(SessionOptions options, Random& random) : options_(options), random_(random) {}
Session::~Session() = default;

Actions Session::closed(BoxTime now) {
    Actions actions;
    actions.changed = phase_ == Phase::Ready;
    phase_ = Phase::Closed;
    parser_.reset();
    for (const Outgoing& out : pending_) not_tried(out, line_is_down(), actions);
    pending_.clear();
    drop_for_device();
    actions.facts = BrokerFactsPtr();
    return done(std::move(actions), now);
}

Actions Session::give_back(BoxTime now) {
    Actions actions = closed(now);
    // On its battery it goes on repeating: all that it may is counted.
    while (!flights_.empty())
        end_without_verdict(flights_.begin()->first, kMaxRetransmit, now, actions);
    return actions;
}

Actions Session::received(std::string_view bytes, BoxTime now) {
    Actions actions;
    last_bytes_ = now;
    take(parser_.feed(bytes, [this](const auto& payload) { return is_message(payload); }), now,
         actions);
    pump(now, actions);
    return done(std::move(actions), now);
}

Actions Session::send(Outgoing out, BoxTime now) {
    Actions actions;
    if (out.dropped) {
        actions.spent = promised_.erase(out.packet_id) > 0;
    } else if (phase_ == Phase::Closed) {
        not_tried(out, line_is_down(), actions);
    } else if (out.alarm) {
        pending_.push_front(std::move(out));
    } else {
        pending_.push_back(std::move(out));
    }
    pump(now, actions);
    return done(std::move(actions), now);
}

Actions Session::tick(BoxTime now) {
    Actions actions;
    if (phase_ == Phase::Handshake && now >= deadline_) actions.reopen = true;
    if (phase_ == Phase::Ready && now - last_heard_ >= kSilence) actions.reopen = true;
    if (phase_ == Phase::Ready && now >= next_heartbeat_) {
        pb::ToRadio beat;
        beat.mutable_heartbeat();
        actions.write += framed(beat);
        next_heartbeat_ = now + options_.heartbeat;
    }
    if (parser_.begun() && now - last_bytes_ >= kHalfFrameWait) {
        take(parser_.give_up_begun([this](const auto& payload) { return is_message(payload); }),
             now, actions);
    }
    expire(now, actions);
    expire_probe(now);
    pump(now, actions);
    return done(std::move(actions), now);
}

Actions Session::done(Actions actions, BoxTime now) {
    ledger_.hold(promised());
    BoxTime next = now + minutes(1);
    if (phase_ == Phase::Handshake) next = std::min(next, deadline_);
    if (phase_ == Phase::Ready) next = std::min(next, next_heartbeat_);
    if (parser_.begun()) next = std::min(next, last_bytes_ + kHalfFrameWait);
    for (const auto& [id, flight] : flights_) next = std::min(next, flight.deadline);
    if (probe_.packet_id != 0) next = std::min(next, probe_due());
    if (!pending_.empty()) {
        const BoxTime room = queue_free_ == 0 ? next_ask_ : now;
        const BoxTime verdicts = pending_.front().alarm ? now : verdicts_until_;
        next = std::min(
            next, std::max({next_send_, hold_until_, room, verdicts, now + milliseconds(50)}));
    }
    if (!for_device_.empty()) next = std::min(next, broker_due());
    next_tick_ = std::max(next, now + milliseconds(1));
    return actions;
}

bool Session::is_message(const std::string& payload) {
    const bool yes = pb::FromRadio().ParseFromString(payload);
    if (!yes) ++undecoded_;
    return yes;
}

void Session::take(const std::vector<std::string>& payloads, BoxTime now, Actions& actions) {
    if (!payloads.empty()) last_heard_ = now;
    for (const std::string& payload : payloads) from_radio(payload, now, actions);
}

void Session::from_radio(const std::string& payload, BoxTime now, Actions& actions) {
    pb::FromRadio message;
    if (!message.ParseFromString(payload)) return;
    switch (message.payload_variant_case()) {
        case pb::FromRadio::kPacket:
            return handle_packet(message.packet(), now, actions);
        case pb::FromRadio::kMyInfo:
            device_.number = message.my_info().my_node_num();
            device_.reboots = message.my_info().reboot_count();
            return;
        case pb::FromRadio::kNodeInfo:
            return handle_node(message.node_info(), now);
        case pb::FromRadio::kConfig:
            if (message.config().has_lora()) take_lora(message.config().lora());
            return;
        case pb::FromRadio::kModuleConfig:
            if (message.module_config().has_mqtt()) take_mqtt(message.module_config().mqtt());
            return;
        case pb::FromRadio::kChannel:
            return take_channel(message.channel());
        case pb::FromRadio::kMqttClientProxyMessage:
            return handle_for_broker(message.mqtt_client_proxy_message(), actions);
        case pb::FromRadio::kMetadata:
            device_.firmware = one_line(clean_utf8(message.metadata().firmware_version()), 40);
            return;
        case pb::FromRadio::kConfigCompleteId:
            if (message.config_complete_id() == config_nonce_) handle_complete(now, actions);
            return;
        case pb::FromRadio::kQueueStatus:
            queue_free_ = message.queue_status().free();
            return;
        case pb::FromRadio::kRebooted:
            if (message.rebooted()) {  // the serial line stays: shake hands again
                actions.changed = true;
                Actions again = opened(now);
                actions.write += again.write;
                actions.spent = actions.spent || again.spent;
            }
            return;
        default:
            return;  // newer variants and what a gateway does not need
    }
}

bool Session::seen(std::uint32_t from, std::uint32_t id) {
    if (!seen_.insert({from, id}).second) return true;
    seen_order_.emplace_back(from, id);
    if (seen_order_.size() > kMostSeen) {
        seen_.erase(seen_order_.front());
        seen_order_.pop_front();
    }
    return false;
}

void Session::handle_packet(const pb::MeshPacket& packet, BoxTime now, Actions& actions) {
    actions.packets.push_back(heard_packet(packet));
    if (!packet.has_decoded())
        return;  // another channel's: counted by the device, not ours to read
    const pb::Data& data = packet.decoded();
    if (packet.from() != device_.number && packet.from() != 0)
        hear(packet.from(), packet, now, actions);
    switch (data.portnum()) {
        case kRouting:
            return handle_routing(packet, now, actions);
        case kText:
        case kAlert:
            return handle_text(packet, now, actions);
        case kTraceRoute:
            return handle_trace(packet, now);
        case kPosition:
            if (packet.from() == device_.number) actions.unix_time = time_in(data.payload());
            return;
        case kTelemetry: {
            pb::Telemetry telemetry;
            if (packet.from() == device_.number && telemetry.ParseFromString(data.payload()) &&
                telemetry.has_device_metrics()) {
                take_metrics(telemetry.device_metrics(), now);
            }
            return;
        }
        default:
            return;
    }
}

void Session::hear(std::uint32_t number, const pb::MeshPacket& packet, BoxTime now,
                   Actions& actions) {
    const bool is_new = nodes_.count(number) == 0;
    if (is_new && nodes_.size() >= kMostNodes) forget_longest_unheard();
    Node& node = nodes_[number];
    node.heard = now;
    // What is sealed says nothing of channels, and bookkeeping comes on the first one.
    const std::uint32_t port = packet.decoded().portnum();
    if (!packet.pki_encrypted() && (port == kText || port == kAlert))
        node.channel = packet.channel();
    if (packet.hop_start() >= packet.hop_limit() && packet.hop_start() > 0) {
        node.hops = static_cast<int>(packet.hop_start() - packet.hop_limit());
    }
    Heard heard;
    heard.key = Heard::Key::Remembered;
    if (packet.decoded().portnum() == kNodeInfo) {
        pb::User user;
        if (user.ParseFromString(packet.decoded().payload())) {
            node.name = one_line(clean_utf8(user.long_name()), 40);
            node.short_name = one_line(clean_utf8(user.short_name()), 8);
            if (user.public_key().size() == 32) {
                node.public_key = user.public_key();
                heard.key = Heard::Key::Said;
            }
            node.messageable = !user.is_unmessagable();
        }
    }
    if (packet.decoded().portnum() == kPosition) heard.place = place_in(packet.decoded().payload());
    if (packet.pki_encrypted() && packet.public_key().size() == 32) {
        node.public_key = packet.public_key();
        heard.key = Heard::Key::Proven;
    }
    heard.name = node.name;
    heard.short_name = node.short_name;
    heard.public_key = node.public_key;
    heard.hops = node.hops;
    heard.snr = packet.rx_snr();
    heard.messageable = node.messageable;
    actions.heard.emplace_back(number, heard);
    if (is_new || packet.decoded().portnum() == kNodeInfo) greet(number, now, actions);
}

void Session::handle_text(const pb::MeshPacket& packet, BoxTime now, Actions& actions) {
    const bool direct = packet.to() == device_.number;
    if (packet.from() == device_.number || packet.from() == 0) return;
    if (!direct && packet.to() != kBroadcast) return;
    if (seen(packet.from(), packet.id())) return;
    if (direct && packet.want_ack()) count_ack(packet, now);
    TextIn text;
    text.from = packet.from();
    text.packet_id = packet.id();
    text.reply_id = packet.decoded().reply_id();
    text.text = clean_utf8(packet.decoded().payload());
    text.direct = direct;
    text.reaction = packet.decoded().emoji() != 0;
    text.alert = packet.decoded().portnum() == kAlert;
    text.sealed = packet.pki_encrypted();
    if (text.sealed) text.key = packet.public_key();
    actions.texts.push_back(std::move(text));
}

void Session::handle_routing(const pb::MeshPacket& packet, BoxTime now, Actions& actions) {
    const std::uint32_t id = packet.decoded().request_id();
    pb::Routing routing;
    if (id == 0 || !routing.ParseFromString(packet.decoded().payload()) ||
        !routing.has_error_reason())
        return;
    const std::uint32_t error = routing.error_reason();
    if (id == probe_.packet_id && error != kNone) return end_probe(outcome_of(error).detail);
    const auto found = flights_.find(id);
    const bool from_us = packet.from() == device_.number || packet.from() == 0;
    if (found == flights_.end()) {
        // Later and stronger evidence about an attempt that has ended.
        if (error == kNone && !from_us) {
            actions.proofs.emplace_back(
                id, Proof{Proof::Kind::Delivered, ProofClass::Reported, "routing 0", "", {}});
        }
        return;
    }
    Flight& flight = found->second;
    if (error == kNone && (from_us || packet.from() != flight.out.to)) {
        // Our own node heard somebody repeat it: relayed, not delivered.
        actions.proofs.emplace_back(
            id, Proof{Proof::Kind::Relayed, ProofClass::Observed, "routing 0", "", {}});
        return;
    }
    const bool key_missing =
        error == kPkiUnknownKey || error == kNoPublicKey || error == kPkiFailed;
    // Our own device never seals (a licensed amateur's): the next attempt may go without.
    const auto peer = nodes_.find(flight.out.to);
    if (error == kPkiFailed && from_us && flight.sealed && peer != nodes_.end())
        peer->second.unsealable = true;
    if (error == kNoChannel && flight.channel != 0) return answer_on_first_channel(id, actions);
    if (key_missing) return exchange_keys(id, flight.out.to, error, now, actions);
    if (error == kDutyCycle) hold_until_ = now + minutes(2);
    count_repeats(flight, error, now, actions);
    finish(id, outcome_of(error), actions);
}

std::size_t Session::nodes_heard_since(BoxTime since) const {
    return static_cast<std::size_t>(std::count_if(nodes_.begin(), nodes_.end(), [&](const auto& n) {
        return n.second.heard != BoxTime{} && n.second.heard >= since;
    }));
}

std::optional<std::pair<BoxTime, int>> Session::heard_of(std::uint32_t number) const {
    const auto found = nodes_.find(number);
    if (found == nodes_.end()) return std::nullopt;
    return std::pair{found->second.heard, found->second.hops};
}

}  // namespace waypost::meshtastic
