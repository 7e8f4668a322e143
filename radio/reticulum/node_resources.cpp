// SPDX-License-Identifier: Apache-2.0
// Messages that are too long for one packet of a link.
#include <algorithm>

#include "gateway/base/encoding.h"
#include "radio/reticulum/link_state.h"

namespace waypost::reticulum {
namespace {

constexpr std::size_t kMostIncoming = 4;  // of one link

bool is_resource(Context context) {
    return context >= Context::Resource && context <= Context::ResourceReject;
}

Result<Packet> packet_of(const ResourceFrame& frame, const Link& link, Random& random) {
    if (frame.context == Context::CacheRequest) {
        const auto missed = link.bare(PacketType::Proof, Context::ResourceProof, frame.body);
        if (!missed.ok()) return missed;
        return link.bare(PacketType::Data, frame.context, packet_hash(*missed));
    }
    if (link_encrypts(frame.context)) return link.seal(frame.context, frame.body, random);
    const bool proof = frame.context == Context::ResourceProof;
    return link.bare(proof ? PacketType::Proof : PacketType::Data, frame.context, frame.body);
}

}  // namespace

ResourceLink Node::resource_link(const LinkState& state) const {
    ResourceLink link = over(*state.link, random_);
    link.rtt = state.rtt;
    const int rate = bits_per_second(state.on);
    if (rate > 0) link.part_time = milliseconds(static_cast<std::int64_t>(kMtu) * 8 * 1000 / rate);
    return link;
}

void Node::put_frames(LinkState& state, const ResourceFrames& frames, NodeActions& actions) {
    const Flight* carries = flight(state.outgoing_wire);
    for (const ResourceFrame& frame : frames) {
        const auto packet = packet_of(frame, *state.link, random_);
        const bool part = frame.context == Context::Resource;
        const bool begins = frame.context == Context::ResourceAdvertisement;
        if (!packet.ok()) continue;
        put_on(state, *packet, part ? "part of a message" : "about a long message", actions,
               begins ? carries : nullptr);
        actions.send.back().alarm = carries != nullptr && carries->out.alarm;
    }
}

void Node::on_resource_frame(LinkState& state, const Packet& packet, const Now& now,
                             NodeActions& actions) {
    if (!is_resource(packet.context)) return;
    ResourceFrame frame{packet.context, packet.data};
    if (link_encrypts(packet.context)) {
        auto plain = state.link->open(packet);
        if (!plain.ok()) {
            ++counters_.unreadable;
            return;
        }
        frame.body = std::move(*plain);
    }
    state.used = now.box;
    const std::string named = resource_named(frame);  // empty: a part, or malformed
    if (state.outgoing && state.outgoing->hash() == named)
        put_frames(state, state.outgoing->receive(frame, now.box), actions);
    if (frame.context == Context::ResourceAdvertisement)
        on_advertisement(state, frame, now, actions);
    if (frame.context == Context::Resource) {
        for (auto& [hash, resource] : state.incoming)
            put_frames(state, resource.receive(frame, now.box), actions);
    } else if (const auto found = state.incoming.find(named); found != state.incoming.end()) {
        put_frames(state, found->second.receive(frame, now.box), actions);
    }
    look_at_resources(state, now, actions);
}

// Its sender has all parts away and misses our proof, which it names by the hash of its packet.
void Node::on_cache_request(LinkState& state, const Packet& packet, NodeActions& actions) {
    for (const auto& [hash, resource] : state.incoming) {
        for (const ResourceFrame& frame : resource.proof_again()) {
            const auto proof = state.link->bare(PacketType::Proof, frame.context, frame.body);
            if (proof.ok() && packet_hash(*proof) == packet.data)
                put_on(state, *proof, "proof, as asked", actions);
        }
    }
}

void Node::on_advertisement(LinkState& state, const ResourceFrame& frame, const Now& now,
                            NodeActions& actions) {
    const auto advertised = parse_advertisement(frame.body);
    if (!advertised.ok()) {
        ++counters_.unreadable;
        return;
    }
    if (state.incoming.count(advertised->hash) > 0) return;  // it is shown the frame itself
    if (state.incoming.size() >= kMostIncoming) {
        std::erase_if(state.incoming, [&](const auto& each) {
            const bool over = each.second.state() == IncomingResource::State::Proved;
            if (over) state.taken.erase(each.first);
            return over;
        });
    }
    ResourceLimits limits;
    limits.data_bytes = options_.most_message;
    auto coming = IncomingResource::accept(*advertised, resource_link(state), limits);
    if (!coming.ok() || state.incoming.size() >= kMostIncoming) {
        ++counters_.dropped;
        return put_frames(state, {refuse_resource(advertised->hash)}, actions);
    }
    IncomingResource& begun =
        state.incoming.emplace(advertised->hash, std::move(*coming)).first->second;
    put_frames(state, begun.start(now.box), actions);
}

void Node::send_resource(Flight& flight, LinkState& state, const Now& now, NodeActions& actions) {
    flight.on = state.id;
    if (state.outgoing) return;  // it goes on when that one is over
    const Peer* peer = peers_.find(flight.out.to);
    auto sending = OutgoingResource::make(flight.packed.full, resource_link(state), random_,
                                          peer == nullptr || peer->compression);
    if (!sending.ok())
        return finish(std::string(flight.out.wire_id),
                      outcome(Outcome::Kind::Failed, "size", sending.error().text), actions);
    ++flight.tries;
    flight.has_left = true;
    flight.due = kNever;
    state.used = now.box;
    state.outgoing.emplace(std::move(*sending));
    state.outgoing_wire = flight.out.wire_id;
    put_frames(state, state.outgoing->start(now.box), actions);
}

void Node::whole(LinkState& state, IncomingResource& resource, const Now& now,
                 NodeActions& actions) {
    auto received = read_lxmf(resource.data(), lxmf_limits());
    Receipt receipt;
    receipt.link = state.id;
    receipt.resource = resource.hash();
    if (received.ok() &&
        take(std::move(*received), std::move(receipt), state.hops - 1, now, actions))
        return;
    if (!received.ok()) ++counters_.unreadable;
    put_frames(state, resource.refuse("no message for this box"), actions);
}

// What is due, whole or over. The link may be gone then.
void Node::look_at_resources(LinkState& state, const Now& now, NodeActions& actions) {
    for (auto& [hash, resource] : state.incoming) {
        if (now.box >= resource.next_tick()) put_frames(state, resource.tick(now.box), actions);
        if (resource.state() == IncomingResource::State::Whole && state.taken.insert(hash).second)
            whole(state, resource, now, actions);
    }
    std::erase_if(state.incoming, [&](const auto& each) {
        const bool failed = each.second.state() == IncomingResource::State::Failed;
        if (failed) state.taken.erase(each.first);
        return failed;
    });
    if (!state.outgoing) return send_next_on(std::string(state.id), {}, now, actions);
    OutgoingResource& outgoing = *state.outgoing;
    if (now.box >= outgoing.next_tick()) put_frames(state, outgoing.tick(now.box), actions);
    const bool proved = outgoing.state() == OutgoingResource::State::Proved;
    if (!proved && outgoing.state() != OutgoingResource::State::Failed) return;
    const std::string wire = std::exchange(state.outgoing_wire, {});
    const std::string id = state.id;
    state.outgoing.reset();
    if (proved) {
        delivered(wire, actions);
    } else if (Flight* each = flight(wire)) {
        advance(*each, now, actions);
    }
    send_next_on(id, wire, now, actions);
}

// Its message is over. The link stays, and what waits for it goes with the next tick: callers are
// at work on it.
void Node::call_off(LinkState& state, NodeActions& actions) {
    put_frames(state, state.outgoing->cancel(), actions);
    state.outgoing.reset();
    state.outgoing_wire.clear();
}

// What waited for the link. To make room for another one it may have gone meanwhile.
void Node::send_next_on(const std::string& link, const std::string& last, const Now& now,
                        NodeActions& actions) {
    std::vector<std::string> waiting;
    for (const auto& [id, each] : flights_)
        if (each.on == link && each.due == kNever && id != last) waiting.push_back(id);
    for (const std::string& id : waiting) {
        const auto state = links_.find(link);
        if (state == links_.end() || state->second->outgoing) return;
        if (Flight* each = flight(id)) advance(*each, now, actions);
    }
}

}  // namespace waypost::reticulum
