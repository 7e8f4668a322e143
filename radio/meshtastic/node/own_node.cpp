// SPDX-License-Identifier: Apache-2.0
#include "radio/meshtastic/node/own_node.h"

#include <algorithm>
#include <stdexcept>

#include "meshtastic.pb.h"
#include "radio/meshtastic/node/packet_rules.h"
#include "radio/meshtastic/stream_codec.h"

namespace waypost::meshtastic {
namespace {

constexpr std::chrono::seconds kAskKeyAgain{20};
constexpr int kMostSends = 3;

}  // namespace

OwnNode::OwnNode(OwnNodeOptions options, NodeKey key, Random& random)
    : options_(std::move(options)), key_(std::move(key)), random_(random) {
    if (options_.channels.empty()) throw std::runtime_error("a node needs a channel");
}

std::uint32_t OwnNode::new_id() {
    return static_cast<std::uint32_t>(random_.below(0xFFFFFFFE)) + 1;
}

// A text goes sealed to the key of its node or, until that is known, not at all: who runs the
// broker and whoever has the channel's key would read along.
NodeActions OwnNode::send(Outgoing out, BoxTime now) {
    NodeActions actions;
    const KnownNode* node = nodes_.find(out.to);
    if (node == nullptr || node->key.empty()) {
        send_user(out.to, true, actions);
        Outcome outcome = outcome_of(kNoPublicKey);
        outcome.retry_after = kAskKeyAgain;
        actions.outcomes.emplace_back(out.attempt, std::move(outcome));
        return actions;
    }
    pb::Data data;
    data.set_portnum(kText);
    data.set_payload(out.text);
    if (out.reply_id != 0) data.set_reply_id(out.reply_id);
    auto packet = sealed_to(node->key, out.to, out.packet_id, data);
    if (!packet) {
        actions.outcomes.emplace_back(out.attempt, outcome_of(kPkiFailed));
        return actions;
    }
    put(*packet, "text, sealed to " + node_id(out.to), actions);
    const std::uint32_t id = out.packet_id;
    flights_[id] = {std::move(out), std::move(*packet), now + options_.resend,
                    now + options_.verdict_wait, 1};
    return actions;
}

NodeActions OwnNode::not_sent(std::uint32_t packet_id) {
    NodeActions actions;
    const auto found = flights_.find(packet_id);
    // What was sent before may be there: it has its time.
    if (found != flights_.end() && found->second.sent == 1) end(packet_id, line_is_down(), actions);
    return actions;
}

void OwnNode::end(std::uint32_t packet_id, Outcome outcome, NodeActions& actions) {
    const auto found = flights_.find(packet_id);
    if (found == flights_.end()) return;
    if (outcome.kind == Outcome::Kind::Delivered) outcome.privacy = Privacy::ToRecipient;
    actions.outcomes.emplace_back(found->second.out.attempt, std::move(outcome));
    flights_.erase(found);
}

NodeActions OwnNode::tick(BoxTime now) {
    NodeActions actions;
    std::vector<std::uint32_t> over;
    for (auto& [id, flight] : flights_) {
        if (now >= flight.deadline) {
            over.push_back(id);
        } else if (now >= flight.again && flight.sent < kMostSends) {
            ++flight.sent;
            flight.again = now + options_.resend;
            put(flight.packet, "text again, sealed to " + node_id(flight.out.to), actions);
        }
    }
    for (const std::uint32_t id : over) end(id, outcome_of(kMaxRetransmit), actions);
    if (next_announce_ != BoxTime{} && now >= next_announce_) {
        NodeActions told = announce(now);
        std::move(told.send.begin(), told.send.end(), std::back_inserter(actions.send));
        std::move(told.packets.begin(), told.packets.end(), std::back_inserter(actions.packets));
    }
    return actions;
}

NodeActions OwnNode::give_back() {
    NodeActions actions;
    while (!flights_.empty()) {
        Outcome outcome;
        outcome.kind = Outcome::Kind::Unknown;
        outcome.proof = ProofClass::Inferred;
        outcome.code = "no verdict";
        outcome.detail = "the radio has not said whether it has it";
        end(flights_.begin()->first, std::move(outcome), actions);
    }
    return actions;
}

NodeActions OwnNode::accepted(std::uint32_t from, std::uint32_t id, bool kept, BoxTime now) {
    NodeActions actions;
    const std::string key = seen_key(from, id);
    Seen* const seen = seen_.find(key);
    if (seen == nullptr) return actions;
    if (!kept) {
        seen_.erase(key);
        return actions;
    }
    seen->kept = true;
    if (!seen->direct) return actions;
    seen->acked = now;
    send_routing(from, id, kNone, actions);
    return actions;
}

}  // namespace waypost::meshtastic
