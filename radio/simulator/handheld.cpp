// SPDX-License-Identifier: Apache-2.0
#include "radio/simulator/handheld.h"

#include "radio/meshtastic/stream_codec.h"

namespace waypost::simulator {
namespace {

using namespace waypost::meshtastic;  // NOLINT: the protocol's names, used throughout

constexpr std::size_t kMostText = 200;
constexpr std::size_t kMostInbox = 200;
constexpr std::size_t kMostTicks = 1000;

pb::Data text_of(std::uint32_t port, const std::string& text) {
    pb::Data data;
    data.set_portnum(port);
    data.set_payload(text);
    return data;
}

}  // namespace

Handheld::Handheld(MeshNode& node) : node_(node) {
    node_.on_packet = [this](const pb::MeshPacket& packet) { take(packet); };
    node_.on_verdict = [this](std::uint32_t id, std::uint32_t error) {
        const auto state = error == kNone ? Tick::State::Relayed : Tick::State::Failed;
        mark(id, state, node_.number(), error);
    };
}

void Handheld::turn(bool on) {
    node_.turn(on);
    if (on) node_.announce(kBroadcast, false);
}

Tick Handheld::tick(std::uint32_t packet_id) const {
    const auto found = ticks_.find(packet_id);
    return found == ticks_.end() ? Tick{} : found->second;
}

Result<std::uint32_t> Handheld::send(std::uint32_t to, pb::Data data) {
    if (!on()) return Error{Code::Refused, "the handheld is off"};
    if (data.payload().size() > kMostText) {
        return Error{Code::TooLarge, "200 bytes at most in one packet"};
    }
    pb::MeshPacket packet;
    packet.set_to(to);
    packet.set_id(node_.new_id());
    packet.set_want_ack(true);
    *packet.mutable_decoded() = std::move(data);
    if (ticks_.size() > kMostTicks) ticks_.clear();
    ticks_[packet.id()] = {Tick::State::Waiting, to, 0, 0};
    const std::uint32_t error = node_.send(packet);
    if (error != kNone) mark(packet.id(), Tick::State::Failed, node_.number(), error);
    return packet.id();
}

Result<std::uint32_t> Handheld::send_dm(std::uint32_t to, const std::string& text) {
    return send(to, text_of(kText, text));
}

Result<std::uint32_t> Handheld::send_all(const std::string& text) {
    return send(kBroadcast, text_of(kText, text));
}

Result<std::uint32_t> Handheld::alert(const std::string& text) {
    return send(kBroadcast, text_of(kAlert, text));
}

Result<std::uint32_t> Handheld::reply(const Shown& shown, const std::string& text) {
    pb::Data data = text_of(kText, text);
    data.set_reply_id(shown.packet_id);
    return send(shown.direct ? shown.from : kBroadcast, std::move(data));
}

Result<std::uint32_t> Handheld::react(const Shown& shown, const std::string& emoji) {
    pb::Data data = text_of(kText, emoji);
    data.set_reply_id(shown.packet_id);
    data.set_emoji(1);
    return send(shown.direct ? shown.from : kBroadcast, std::move(data));
}

// Later and stronger evidence wins: delivered stays, even after "nobody answered".
void Handheld::mark(std::uint32_t id, Tick::State state, std::uint32_t by, std::uint32_t error) {
    const auto found = ticks_.find(id);
    if (found == ticks_.end() || found->second.state == Tick::State::Delivered) return;
    found->second = {state, found->second.to, by, error};
    if (on_tick) on_tick(id, found->second);
}

void Handheld::take(const pb::MeshPacket& packet) {
    const pb::Data& data = packet.decoded();
    if (data.portnum() == kRouting) {
        pb::Routing routing;
        if (!routing.ParseFromString(data.payload())) return;
        const bool good = routing.error_reason() == kNone;
        return mark(data.request_id(), good ? Tick::State::Delivered : Tick::State::Failed,
                    packet.from(), routing.error_reason());
    }
    if (data.portnum() != kText && data.portnum() != kAlert) return;
    Shown shown;
    shown.at = node_.known().at(packet.from()).heard;
    shown.from = packet.from();
    shown.packet_id = packet.id();
    shown.reply_id = data.reply_id();
    shown.reaction = data.emoji() != 0;
    shown.direct = packet.to() == node_.number();
    shown.alert = data.portnum() == kAlert;
    shown.text = data.payload();
    inbox_.push_back(shown);
    if (inbox_.size() > kMostInbox) inbox_.pop_front();
    if (on_shown) on_shown(shown);
}

}  // namespace waypost::simulator
