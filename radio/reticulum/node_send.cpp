// SPDX-License-Identifier: Apache-2.0
// What leaves the node: a way is asked for, a stamp made, then a single packet where the message
// fits into one, else a link.
#include <algorithm>

#include "gateway/base/encoding.h"
#include "radio/line_is_down.h"
#include "radio/reticulum/link_state.h"
#include "radio/reticulum/wire/proof.h"
#include "radio/reticulum/wire/token.h"

namespace waypost::reticulum {
namespace {

using Kind = Outcome::Kind;
using std::chrono::seconds;

constexpr int kMostAsked = 5;  // for a way, as the reference program does
constexpr seconds kFirstAnswer{7};
constexpr seconds kNextAnswer{10};
constexpr int kMostTries = 5;
constexpr int kLinkTries = 2;   // on one link
constexpr int kAskAgainAt = 3;  // try: the way that is known may be an old one
constexpr seconds kNobodyKnows{120};
constexpr seconds kLineIsFull{2};
constexpr std::int64_t kRatchetLife = 30 * 24 * 3600;  // seconds
constexpr std::size_t kStampBytes = kLxmfStamp + 2;    // as stamped() adds them

bool fits_packet(const PackedLxmf& packed, std::size_t more = 0) {
    return packed.full.size() - kHash + more <= kMostSealed;
}

// What it answers is not named where that alone makes it longer than a packet. Its size decides,
// not who it is for: a repeat is the same message.
PackedLxmf pack_short(LxmfMessage message, const Identity& sender) {
    PackedLxmf packed = pack_lxmf(message, sender);
    if (message.reply_to.empty() || fits_packet(packed, kStampBytes)) return packed;
    message.reply_to.clear();
    PackedLxmf shorter = pack_lxmf(message, sender);
    return fits_packet(shorter) ? shorter : packed;
}

Outcome retry(const std::string& code, const std::string& detail, seconds after) {
    Outcome out = outcome(Kind::Retry, code, detail);
    out.retry_after = after;
    return out;
}

}  // namespace

NodeActions Node::send(Outgoing out, const Now& now) {
    NodeActions actions;
    LxmfMessage message;
    message.to = out.to;
    message.from = own_;
    message.time = static_cast<double>(out.time_ms) / 1000;
    message.content = out.text;
    message.reply_to = out.answers;
    Flight flight;
    flight.packed = flight.bare = pack_short(std::move(message), identity_);
    flight.out = std::move(out);
    const std::string id = flight.out.wire_id;
    written_.put(flight.packed.id, id);
    Flight& begun = flights_.insert_or_assign(id, std::move(flight)).first->second;
    advance(begun, now, actions);
    return actions;
}

Node::Flight* Node::flight(const std::string& wire_id) {
    const auto found = flights_.find(wire_id);
    return found == flights_.end() ? nullptr : &found->second;
}

// The next step of this one; it may be over then, and gone.
void Node::advance(Flight& flight, const Now& now, NodeActions& actions) {
    flight.due = kNever;
    flight.on.clear();
    keep(flight.out.to, actions);
    const Peer* peer = peers_.find(flight.out.to);
    const Path* path = way_to(peer);
    LinkState* link = open_link_with(flight.out.to);
    if (interfaces_.empty()) return wait_for_interface(flight, now, actions);
    if (peer == nullptr || (path == nullptr && link == nullptr))
        return ask_for_way(flight, now, actions);
    if (!has_stamp(flight, *peer, actions)) return;
    if (flight.tries >= kMostTries) return end_without_verdict(flight, actions);
    if (flight.tries + 1 == kAskAgainAt) request_path(flight.out.to, now, actions);
    if (link != nullptr) return send_on_link(flight, *link, now, actions);
    if (fits_packet(flight.packed)) return send_single(flight, *peer, *path, now, actions);
    open_link(flight, *peer, *path, now, actions);
}

void Node::advance_to(const std::string& destination, const Now& now, NodeActions& actions) {
    std::vector<std::string> waiting;
    for (const auto& [id, each] : flights_) {
        const bool idle = each.tries == 0 && !each.stamping && each.on.empty();
        if (each.out.to == destination && idle) waiting.push_back(id);
    }
    for (const std::string& id : waiting)
        if (Flight* each = flight(id)) advance(*each, now, actions);
}

// After a restart of the box the phones come back within seconds.
void Node::wait_for_interface(Flight& flight, const Now& now, NodeActions& actions) {
    if (flight.tries > 0) return end_without_verdict(flight, actions);
    if (flight.asked > 0) return finish(flight.out.wire_id, line_is_down(), actions);
    flight.asked = 1;
    flight.due = now.box + kFirstAnswer;
}

void Node::ask_for_way(Flight& flight, const Now& now, NodeActions& actions) {
    if (flight.asked >= kMostAsked) {
        if (flight.tries > 0) return end_without_verdict(flight, actions);
        return finish(
            flight.out.wire_id,
            retry("path", "nobody knows a way there: it has to announce itself", kNobodyKnows),
            actions);
    }
    ++flight.asked;
    request_path(flight.out.to, now, actions);
    flight.due = now.box + (flight.asked == 1 ? kFirstAnswer : kNextAnswer);
}

bool Node::has_stamp(Flight& flight, const Peer& peer, NodeActions& actions) {
    if (peer.stamp_cost <= flight.stamp_cost) return true;
    if (peer.stamp_cost > options_.max_stamp_cost) {
        finish(flight.out.wire_id,
               outcome(Kind::Failed, "stamp",
                       "it asks for a proof of work of " + std::to_string(peer.stamp_cost) +
                           " bits, and this box makes " + std::to_string(options_.max_stamp_cost) +
                           " at most"),
               actions);
        return false;
    }
    if (flight.stamping) return false;
    actions.stamps.push_back({flight.out.wire_id, flight.bare.id, peer.stamp_cost});
    flight.stamp_wanted = peer.stamp_cost;
    flight.stamping = true;
    return false;
}

NodeActions Node::stamped(const std::string& wire_id, std::optional<std::string> stamp,
                          const Now& now) {
    NodeActions actions;
    Flight* each = flight(wire_id);
    if (each == nullptr || !each->stamping) return actions;
    each->stamping = false;
    if (!stamp) {
        finish(wire_id,
               retry("stamp", "the proof of work that it asks for was not found", kNobodyKnows),
               actions);
        return actions;
    }
    // The announce may have asked for more meanwhile; then another is made.
    each->stamp_cost = each->stamp_wanted;
    each->packed = reticulum::stamped(each->bare, *stamp);
    advance(*each, now, actions);
    return actions;
}

// Each time encrypted anew, so that who has it already says so again.
void Node::send_single(Flight& flight, const Peer& peer, const Path& path, const Now& now,
                       NodeActions& actions) {
    const bool fresh = to_ms(now.wall) / 1000 - peer.ratchet_at < kRatchetLife;
    const auto sealed = encrypt_to(peer.identity, fresh ? peer.ratchet : std::string(),
                                   flight.packed.opportunistic(), random_);
    if (!sealed.ok())
        return finish(flight.out.wire_id, outcome(Kind::Failed, "key", sealed.error().text),
                      actions);
    Packet packet;
    packet.destination = flight.out.to;
    packet.data = *sealed;
    if (!path.next_hop.empty()) packet = sent_through(std::move(packet), path.next_hop);
    ++flight.tries;
    flight.has_left = true;
    const std::string hash = packet_hash(packet);
    sent_.put(hash.substr(0, kHash), {flight.out.wire_id, hash, flight.out.to});
    flight.due = now.box + patience(path.interface, path.hops, packet.data.size() + kHeader2);
    put(path.interface, packet, "message to " + to_hex(flight.out.to), actions, &flight);
}

void Node::on_proof(const Packet& packet, NodeActions& actions) {
    const SentPacket* sent = sent_.find(packet.destination);
    const Peer* peer = sent == nullptr ? nullptr : peers_.find(sent->to);
    if (peer == nullptr) return;
    if (!check_proof(packet, sent->hash, peer->identity).ok()) {
        ++counters_.forged;
        return;
    }
    const std::string wire_id = sent->wire_id;
    sent_.erase(packet.destination);  // who says the same proof again is not told on
    delivered(wire_id, actions);
}

void Node::delivered(const std::string& wire_id, NodeActions& actions) {
    if (flight(wire_id) == nullptr) {
        // Too late for its attempt.
        actions.proofs.emplace_back(
            wire_id, Proof{Proof::Kind::Delivered, ProofClass::Reported, "proof", "", {}});
        return;
    }
    Outcome out = outcome(Kind::Delivered, "proof", {}, ProofClass::Reported);
    out.privacy = Privacy::ToRecipient;
    finish(wire_id, std::move(out), actions);
}

void Node::finish(const std::string& wire_id, Outcome outcome, NodeActions& actions) {
    const auto found = flights_.find(wire_id);
    if (found == flights_.end()) return;
    actions.outcomes.emplace_back(found->second.out.attempt, std::move(outcome));
    const std::string id = found->first;
    flights_.erase(found);
    for (auto& [link, state] : links_) {
        std::erase_if(state->sent, [&](const auto& each) { return each.second == id; });
        if (state->outgoing && state->outgoing_wire == id) call_off(*state, actions);
    }
}

void Node::end_without_verdict(Flight& flight, NodeActions& actions) {
    if (!flight.has_left)
        return finish(std::string(flight.out.wire_id),
                      retry("link", "it does not answer: no link with it opens", kNobodyKnows),
                      actions);
    finish(std::string(flight.out.wire_id),
           outcome(Kind::Unknown, "no proof", "no proof came back", ProofClass::Inferred), actions);
}

NodeActions Node::not_sent(const std::string& wire_id, Carrier::Took why,
                           std::optional<std::chrono::seconds> wait, const Now& now) {
    NodeActions actions;
    Flight* each = flight(wire_id);
    if (each == nullptr) return actions;
    if (why == Carrier::Took::NoRoom) {
        each->due = now.box + kLineIsFull;
        return actions;
    }
    if (each->tries > 1) {
        end_without_verdict(*each, actions);
        return actions;
    }
    Outcome out = line_is_down();
    if (why == Carrier::Took::NoAirtime) {
        out = outcome(Kind::NotTried, kNoAirtime, "this hour's airtime is used up");
        out.retry_after = wait;
    }
    finish(wire_id, std::move(out), actions);
    return actions;
}

void Node::expire_flights(const Now& now, NodeActions& actions) {
    std::vector<std::string> over;
    for (const auto& [id, each] : flights_)
        if (now.box >= each.due) over.push_back(id);
    for (const std::string& id : over) {
        Flight* each = flight(id);
        if (each == nullptr) continue;
        // A link on which nothing comes back is given up, and what waits on it goes another way.
        if (each->tries >= kLinkTries && links_.count(each->on) > 0)
            drop_link(std::string(each->on), true, now, actions);
        else
            advance(*each, now, actions);
    }
}

NodeActions Node::give_back() {
    NodeActions actions;
    while (!flights_.empty()) {
        Flight& each = flights_.begin()->second;
        if (each.tries > 0)
            end_without_verdict(each, actions);
        else
            finish(std::string(each.out.wire_id), line_is_down(), actions);
    }
    return actions;
}

}  // namespace waypost::reticulum
