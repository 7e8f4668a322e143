// SPDX-License-Identifier: Apache-2.0
// Links of the node: those that it asks for, where a message is too long for one packet, and those
// of others to it.
#include <algorithm>

#include "gateway/base/encoding.h"
#include "radio/reticulum/link_state.h"

namespace waypost::reticulum {
namespace {

using std::chrono::seconds;

constexpr std::size_t kMostLinks = 64;
constexpr std::size_t kMostOfInterface = 16;
constexpr seconds kQuiet{60};       // after which a link of ours is closed
constexpr seconds kForgotten{720};  // twice the longest keepalive: nobody is there any more
constexpr milliseconds kLeastKeepalive = seconds(5);
constexpr milliseconds kMostKeepalive = seconds(360);
constexpr int kKeepaliveOfRtt = 206;  // 360 s at 1.75 s, as the reference program reckons

milliseconds keepalive_every(milliseconds rtt) {
    return std::clamp(rtt * kKeepaliveOfRtt, kLeastKeepalive, kMostKeepalive);
}

}  // namespace

void Node::put_on(LinkState& state, const Packet& packet, const std::string& words,
                  NodeActions& actions, const Flight* flight) {
    put(state.on, packet, words, actions, flight);
}

Node::LinkState* Node::open_link_with(const std::string& destination) {
    for (const auto& [id, state] : links_)
        if (state->peer == destination && state->open && is_up(state->on)) return state.get();
    return nullptr;
}

void Node::open_link(Flight& flight, const Peer& peer, const Path& path, const Now& now,
                     NodeActions& actions) {
    for (const auto& [id, state] : links_) {
        if (!state->asked || state->peer != flight.out.to) continue;
        flight.on = id;  // it goes on as this one opens, or does not
        ++flight.tries;
        return;
    }
    if (!make_room_for_link(path.interface, now, actions)) {
        flight.due = now.box + seconds(10);
        return;
    }
    auto state = std::make_unique<LinkState>();
    state->asked.emplace(LinkInitiation::begin(flight.out.to, peer.identity, random_));
    state->id = state->asked->link_id();
    state->on = path.interface;
    state->peer = flight.out.to;
    state->hops = path.hops;
    state->since = state->heard = state->used = now.box;
    state->deadline = now.box + patience(path.interface, path.hops, kMtu / 2);
    Packet request = state->asked->request();
    if (!path.next_hop.empty()) request = sent_through(std::move(request), path.next_hop);
    flight.on = state->id;
    ++flight.tries;
    put(path.interface, request, "link request to " + to_hex(flight.out.to), actions, &flight);
    links_.emplace(state->id, std::move(state));
}

void Node::on_link_request(InterfaceNumber on, const Packet& packet, const Now& now,
                           NodeActions& actions) {
    if (!make_room_for_link(on, now, actions)) {
        ++counters_.dropped;
        return;
    }
    auto answered = answer_link_request(packet, identity_, random_);
    if (!answered.ok() || links_.count(answered->link.id()) > 0) {
        ++counters_.unreadable;
        return;
    }
    auto state = std::make_unique<LinkState>();
    state->id = answered->link.id();
    state->on = on;
    state->hops = packet.hops;
    state->since = state->heard = state->used = now.box;
    state->deadline = now.box + patience(on, packet.hops, kMtu / 2);
    state->link.emplace(std::move(answered->link));
    put(on, answered->proof, "link proof", actions);
    links_.emplace(state->id, std::move(state));
}

// Of too many the one that was used longest ago goes, if nothing is under way on it.
bool Node::make_room_for_link(InterfaceNumber on, const Now& now, NodeActions& actions) {
    std::size_t here = 0;
    const LinkState* oldest_here = nullptr;
    const LinkState* oldest = nullptr;
    const auto older = [](const LinkState*& so_far, const LinkState& state) {
        if (!state.busy() && (so_far == nullptr || state.used < so_far->used)) so_far = &state;
    };
    for (const auto& [id, state] : links_) {
        older(oldest, *state);
        if (state->on != on) continue;
        ++here;
        older(oldest_here, *state);
    }
    if (here < kMostOfInterface && links_.size() < kMostLinks) return true;
    const LinkState* goes = here >= kMostOfInterface ? oldest_here : oldest;
    if (goes == nullptr) return false;
    drop_link(std::string(goes->id), true, now, actions);
    return true;
}

void Node::on_link_packet(LinkState& state, const Packet& packet, const Now& now,
                          NodeActions& actions) {
    if (state.asked) {
        if (packet.type == PacketType::Proof && packet.context == Context::LinkRequestProof)
            on_link_open(state, packet, now, actions);
        return;
    }
    if (!state.link->owns(packet)) return;
    state.heard = now.box;
    switch (packet.context) {
        case Context::None:
            return packet.type == PacketType::Proof ? on_link_receipt(state, packet, now, actions)
                                                    : on_link_data(state, packet, now, actions);
        case Context::Keepalive:
            if (!state.initiator() && state.link->is_keepalive_from_peer(packet))
                put_on(state, state.link->keepalive(), "keepalive", actions);
            return;
        case Context::LinkRtt:
            if (const auto rtt = state.link->read_rtt(packet); !state.initiator() && rtt.ok()) {
                state.open = true;
                state.rtt =
                    std::max(now.box - state.since,
                             milliseconds(static_cast<std::int64_t>(std::min(*rtt, 600.0) * 1000)));
            }
            return;
        case Context::LinkClose:
            if (state.link->check_close(packet).ok())
                drop_link(std::string(state.id), false, now, actions);
            return;
        case Context::CacheRequest:
            return on_cache_request(state, packet, actions);
        case Context::LinkIdentify:
            return on_identify(state, packet, now, actions);
        default:
            return on_resource_frame(state, packet, now, actions);
    }
}

void Node::on_link_open(LinkState& state, const Packet& proof, const Now& now,
                        NodeActions& actions) {
    auto link = state.asked->accept(proof);
    if (!link.ok()) {
        ++counters_.forged;
        return;
    }
    state.link.emplace(std::move(*link));
    state.asked.reset();
    state.open = true;
    state.heard = state.used = now.box;
    state.rtt = std::max(now.box - state.since, milliseconds(1));
    put_on(state, state.link->rtt(static_cast<double>(state.rtt.count()) / 1000, random_),
           "link is open", actions);
    std::vector<std::string> waiting;
    for (const auto& [id, each] : flights_) {
        if (each.on != state.id) continue;
        waiting.push_back(id);
        actions.send.back().alarm |= each.out.alarm;
    }
    for (const std::string& id : waiting) {
        Flight* each = flight(id);
        if (each == nullptr) continue;
        // The request that opened the link was no try of the message.
        each->tries = std::max(each->tries - 1, 0);
        advance(*each, now, actions);
    }
}

// A whole message, or a receipt for one of ours.
void Node::on_link_data(LinkState& state, const Packet& packet, const Now& now,
                        NodeActions& actions) {
    const auto plain = state.link->open(packet);
    auto received =
        plain.ok() ? read_lxmf(*plain, lxmf_limits()) : Result<ReceivedLxmf>(plain.error());
    if (!received.ok()) {
        ++counters_.unreadable;
        return;
    }
    state.used = now.box;
    Receipt receipt;
    receipt.packet_hash = packet_hash(packet);
    receipt.link = state.id;
    take(std::move(*received), std::move(receipt), state.hops - 1, now, actions);
}

void Node::on_link_receipt(LinkState& state, const Packet& packet, const Now& now,
                           NodeActions& actions) {
    const auto found = state.sent.find(packet.data.substr(0, kFullHash));
    if (found == state.sent.end()) return;
    if (!state.link->check_proof(packet, found->first).ok()) {
        ++counters_.forged;
        return;
    }
    state.used = now.box;
    delivered(std::string(found->second), actions);
    // So that he can answer on it.
    if (!state.initiator() || state.identified || bits_per_second(state.on) > 0) return;
    state.identified = true;
    put_on(state, state.link->identify(identity_, random_), "who we are", actions);
}

// Who opened it says who he is: what is for him may go by it, and what came of him is his.
void Node::on_identify(LinkState& state, const Packet& packet, const Now& now,
                       NodeActions& actions) {
    auto identity = state.initiator() ? Result<PublicIdentity>(bad_input("not ours to hear"))
                                      : state.link->read_identify(packet);
    if (!identity.ok() || !state.peer.empty()) return;
    state.peer = destination_of(kDeliveryName, *identity);
    if (state.peer == own_) state.peer.clear();
    if (state.peer.empty()) return;
    if (peers_.find(state.peer) == nullptr)
        peers_.add(state.peer, std::move(*identity)).heard = now.box;
    now_known(state.peer, actions);
}

void Node::send_on_link(Flight& flight, LinkState& state, const Now& now, NodeActions& actions) {
    if (flight.packed.full.size() > state.link->most_plain())
        return send_resource(flight, state, now, actions);
    const auto packet = state.link->seal(Context::None, flight.packed.full, random_);
    if (!packet.ok())
        return finish(std::string(flight.out.wire_id),
                      outcome(Outcome::Kind::Failed, "size", packet.error().text), actions);
    ++flight.tries;
    flight.has_left = true;
    flight.on = state.id;
    flight.due = now.box + patience(state.on, state.hops, packet->data.size() + kHeader1);
    state.used = now.box;
    state.sent[packet_hash(*packet)] = flight.out.wire_id;
    put_on(state, *packet, "message to " + to_hex(flight.out.to) + ", on a link", actions, &flight);
}

// What was under way on it goes on without.
void Node::drop_link(const std::string& id, bool tell, const Now& now, NodeActions& actions) {
    const auto found = links_.find(id);
    if (found == links_.end()) return;
    const std::unique_ptr<LinkState> state = std::move(found->second);
    links_.erase(found);
    if (tell && state->link && is_up(state->on))
        put_on(*state, state->link->close(random_), "link is closed", actions);
    std::vector<std::string> waiting;
    for (const auto& [wire, each] : flights_)
        if (each.on == id) waiting.push_back(wire);
    for (const std::string& wire : waiting)
        if (Flight* each = flight(wire)) advance(*each, now, actions);
}

void Node::look_after_link(LinkState& state, const Now& now, NodeActions& actions) {
    if (!state.open) {
        if (now.box < state.deadline) return;
        return drop_link(std::string(state.id), false, now, actions);
    }
    const std::string id = state.id;
    look_at_resources(state, now, actions);
    if (links_.count(id) == 0) return;
    const bool over = state.initiator() ? now.box - state.used >= kQuiet && !state.busy()
                                        : now.box - state.heard >= kForgotten;
    const milliseconds every = keepalive_every(state.rtt);
    const bool dead = state.initiator() && now.box - state.heard >= every * 2 + seconds(5);
    if (over || dead) return drop_link(id, true, now, actions);
    if (!state.initiator() || now.box - std::max(state.heard, state.pinged) < every) return;
    state.pinged = now.box;
    put_on(state, state.link->keepalive(), "keepalive", actions);
}

void Node::look_after_links(const Now& now, NodeActions& actions) {
    std::vector<std::string> all;
    for (const auto& [id, state] : links_) all.push_back(id);
    for (const std::string& id : all) {
        const auto found = links_.find(id);
        if (found != links_.end()) look_after_link(*found->second, now, actions);
    }
}

}  // namespace waypost::reticulum
