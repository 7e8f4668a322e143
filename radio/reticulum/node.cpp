// SPDX-License-Identifier: Apache-2.0
#include "radio/reticulum/node.h"

#include <algorithm>
#include <charconv>

#include "gateway/base/encoding.h"
#include "radio/reticulum/link_state.h"
#include "radio/reticulum/lxmf/app_data.h"
#include "radio/reticulum/wire/crypto.h"
#include "radio/reticulum/wire/path_request.h"

namespace waypost::reticulum {
namespace {

using std::chrono::seconds;

constexpr milliseconds kAnnounceAgain = seconds(5);  // on a fast interface, to whoever asks
constexpr int kAnnounceShare = 50;                   // of a slow one: a fiftieth, as everywhere
constexpr std::size_t kAnnounceBytes = 220;
constexpr milliseconds kAskAgain = seconds(5);  // for a way to the same destination
constexpr seconds kAnswer{10};
constexpr seconds kAnswerPerHop{6};
constexpr int kSlowTurns = 4;  // of a slow interface: a packet, its proof, and others' between

}  // namespace

Node::Node(NodeOptions options, Identity identity, Random& random)
    : options_(std::move(options)),
      identity_(std::move(identity)),
      random_(random),
      own_(destination_of(kDeliveryName, identity_.shown())) {}

Node::~Node() = default;

NodeActions Node::interface_up(InterfaceNumber on, const InterfaceInfo& info, const Now& now) {
    NodeActions actions;
    Interface& interface = interfaces_[on];
    interface.info = info;
    interface.next_announce = now.box;
    // A slow one that comes and goes is not filled with announces.
    if (const BoxTime* last = announced_.find(info.name); last != nullptr && info.bits_per_second)
        interface.next_announce = std::max(now.box, *last + announce_pause(interface));
    announce_where_due(now, actions);
    for (auto& [id, flight] : flights_)
        if (flight.tries == 0) flight.due = now.box;
    expire_flights(now, actions);
    return actions;
}

NodeActions Node::interface_down(InterfaceNumber on, const Now& now) {
    NodeActions actions;
    interfaces_.erase(on);
    std::vector<std::string> cut;
    for (const auto& [id, state] : links_)
        if (state->on == on) cut.push_back(id);
    for (const std::string& id : cut) drop_link(id, false, now, actions);
    return actions;
}

NodeActions Node::tick(const Now& now) {
    NodeActions actions;
    announce_where_due(now, actions);
    look_after_links(now, actions);
    expire_flights(now, actions);
    counters_.unknown += std::erase_if(unsigned_, [&](const Unsigned& each) {
        const bool late = now.box >= each.until;
        if (late) forget(each.receipt);
        return late;
    });
    drop_lost_resources();
    note_changed(now, actions);
    return actions;
}

// Reticulum gives announces 2 % of an interface.
milliseconds Node::announce_pause(const Interface& interface) const {
    const int rate = interface.info.bits_per_second;
    if (rate <= 0) return kAnnounceAgain;
    return milliseconds(static_cast<std::int64_t>(kAnnounceBytes) * 8 * 1000 / rate) *
           kAnnounceShare;
}

void Node::announce_where_due(const Now& now, NodeActions& actions) {
    for (const auto& [number, interface] : interfaces_)
        if (now.box >= interface.next_announce) announce_on(number, false, now, actions);
}

void Node::announce_on(InterfaceNumber on, bool answers, const Now& now, NodeActions& actions) {
    Interface& interface = interfaces_.at(on);
    interface.next_announce =
        now.box + std::max(options_.announce_every, announce_pause(interface));
    announced_.put(interface.info.name, now.box);
    const auto unix_seconds =
        static_cast<std::uint64_t>(std::max<std::int64_t>(to_ms(now.wall) / 1000, 0));
    // With a clock that went back each one still is newer: what is not, others pass over.
    if (unix_seconds != last_emitted_)
        actions.emitted = last_emitted_ = std::max(unix_seconds, last_emitted_ + 1);
    AnnounceParts parts;
    parts.name = kDeliveryName;
    parts.random_hash = announce_random_hash(random_, last_emitted_);
    DeliveryAppData data;
    data.name = options_.name;
    parts.app_data = delivery_app_data(data);
    parts.path_response = answers;
    const auto packet = build_announce(identity_, parts);
    if (packet.ok()) put(on, *packet, answers ? "announce, as asked" : "announce", actions);
}

void Node::put(InterfaceNumber on, const Packet& packet, const std::string& words,
               NodeActions& actions, const Flight* flight) {
    auto bytes = packet_bytes(packet);
    if (!bytes.ok()) return;
    PacketSeen seen;
    seen.out = true;
    seen.bytes = bytes->size();
    seen.text = words;
    actions.packets.push_back(std::move(seen));
    PacketOut out{on, std::move(*bytes), {}, false};
    if (flight != nullptr) {
        out.wire_id = flight->out.wire_id;
        out.alarm = flight->out.alarm;
    }
    actions.send.push_back(std::move(out));
}

void Node::request_path(const std::string& to, const Now& now, NodeActions& actions) {
    const BoxTime* last = path_asked_.find(to);
    if (last != nullptr && now.box - *last < kAskAgain) return;
    path_asked_.put(to, now.box);
    const Packet request = build_path_request(to, random_bytes(random_, kHash));
    for (const auto& [number, interface] : interfaces_)
        put(number, request, "path request for " + to_hex(to), actions);
}

const Path* Node::way_to(const Peer* peer) const {
    return peer != nullptr && peer->path && is_up(peer->path->interface) ? &*peer->path : nullptr;
}

bool Node::has_way(const std::string& destination) const {
    return way_to(peers_.find(destination)) != nullptr;
}

int Node::bits_per_second(InterfaceNumber on) const {
    const auto found = interfaces_.find(on);
    return found == interfaces_.end() ? 0 : found->second.info.bits_per_second;
}

// How long an answer may take.
milliseconds Node::patience(InterfaceNumber on, int hops, std::size_t bytes) const {
    const int rate = bits_per_second(on);
    const milliseconds slow(rate > 0 ? static_cast<std::int64_t>(bytes) * 8 * 1000 / rate : 0);
    return kAnswer + kAnswerPerHop * std::clamp(hops, 1, static_cast<int>(kMostHops)) +
           slow * kSlowTurns;
}

void Node::keep(const std::string& destination, NodeActions& actions) {
    if (!peers_.keep(destination)) return;
    actions.known.push_back(destination);
    for (std::string& gone : peers_.forgotten()) actions.forgotten.push_back(std::move(gone));
}

NodeActions Node::keep(const std::string& destination) {
    NodeActions actions;
    keep(destination, actions);
    return actions;
}

std::string wire_id_of(std::string_view destination, std::int64_t time_ms) {
    char digits[16];
    const auto time = static_cast<std::uint64_t>(time_ms);
    return to_hex(destination) + '.' +
           std::string(digits, std::to_chars(digits, std::end(digits), time, 16).ptr);
}

std::optional<std::int64_t> time_in(std::string_view wire_id) {
    const std::size_t dot = wire_id.rfind('.');
    const std::string_view digits = wire_id.substr(dot + 1);
    if (dot == std::string_view::npos || digits.empty() || digits.size() > 15 ||
        digits.find_first_not_of("0123456789abcdef") != std::string_view::npos)
        return std::nullopt;
    std::int64_t time = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), time, 16);
    return time;
}

}  // namespace waypost::reticulum
