// SPDX-License-Identifier: Apache-2.0
// The sending half of a session: pace, budget, verdicts.
#include <algorithm>

#include "gateway/message/why.h"
#include "meshtastic.pb.h"
#include "radio/meshtastic/packet_words.h"
#include "radio/meshtastic/session.h"

namespace waypost::meshtastic {
namespace {

using std::chrono::seconds;

constexpr seconds kAskForRoom{20};
constexpr seconds kWaitForVerdicts{5};
constexpr std::chrono::hours kGreetAgain{24};
constexpr int kGreetingsPerHour = 200;
constexpr int kRememberedIds = 20;  // of a device, of what its host handed it
constexpr std::uint32_t kPrivatePort = 256;

template <class Message>
std::string framed(const Message& message) {
    return frame(message.SerializeAsString());
}

}  // namespace

Outcome outcome_of(std::uint32_t error) {
    using Kind = Outcome::Kind;
    Outcome outcome;
    outcome.code = "routing " + std::to_string(error);
    outcome.kind = Kind::Retry;
    switch (error) {
        case kNone:
            outcome.kind = Kind::Delivered;
            break;
        case kMaxRetransmit:
        case kNoResponse:
            outcome.detail = "no answer from the radio";
            break;
        case kNoRoute:
            outcome.detail = "no way to the radio";
            break;
        case kTimeout:
        case kGotNak:
            outcome.detail = "not acknowledged";
            break;
        case kNoChannel:
            outcome.detail = "no key in common with the radio";
            break;
        case kTooLarge:
            outcome.kind = Kind::Failed;
            outcome.detail = to_string(Why::RadioSize);
            break;
        case kDutyCycle:
            outcome.detail = "legal airtime is used up";
            break;
        case kPkiFailed:
        case kPkiUnknownKey:
        case kNoPublicKey:
            outcome.detail = "the radio's key is not known yet";
            break;
        case kRateLimited:
            outcome.detail = "the device asks to slow down";
            outcome.retry_after = seconds(5);
            break;
        default:
            outcome.detail = "refused by the device";
            break;
    }
    return outcome;
}

// False: this hour's airtime has no room for it. Unlike a text it waits for no commit: a kill loses
// what was written while one commit was under way.
bool Session::send_user(std::uint32_t to, bool ask_back, BoxTime now, Actions& actions) {
    const milliseconds cost = airtime(70, false);
    const auto own = nodes_.find(device_.number);
    if (own == nodes_.end() || !ledger_.take(now, cost, false)) return false;
    pb::User user;
    user.set_id(node_id(device_.number));
    user.set_long_name(own->second.name);
    user.set_short_name(own->second.short_name);
    user.set_public_key(own->second.public_key);
    pb::ToRadio message;
    pb::MeshPacket* packet = message.mutable_packet();
    packet->set_to(to);
    packet->set_id(static_cast<std::uint32_t>(random_.below(0xFFFFFFFE)) + 1);
    packet->set_hop_limit(device_.hop_limit);
    packet->mutable_decoded()->set_portnum(kNodeInfo);
    packet->mutable_decoded()->set_payload(user.SerializeAsString());
    packet->mutable_decoded()->set_want_response(ask_back);
    actions.write += framed(message);
    actions.packets.push_back(sent_packet(*packet, device_.number));
    actions.spent = true;
    return true;
}

// Handhelds hide the message box for a node whose key they do not hold: tell ours, once a day. Node
// numbers cost nothing, so few an hour are told: thousands of made up ones would take all airtime.
void Session::greet(std::uint32_t number, BoxTime now, Actions& actions) {
    Node& node = nodes_[number];
    if (phase_ != Phase::Ready || (node.greeted != BoxTime{} && now - node.greeted < kGreetAgain))
        return;
    if (now - greeting_since_ >= std::chrono::hours(1)) {
        greeting_since_ = now;
        greetings_ = 0;
    }
    if (greetings_ >= kGreetingsPerHour || !send_user(number, false, now, actions)) return;
    node.greeted = now;
    ++greetings_;
}

// But not ourselves, whom no packet names.
void Session::forget_longest_unheard() {
    auto longest = nodes_.end();
    for (auto each = nodes_.begin(); each != nodes_.end(); ++each) {
        const bool longer = longest == nodes_.end() || each->second.heard < longest->second.heard;
        if (each->first != device_.number && longer) longest = each;
    }
    if (longest != nodes_.end()) nodes_.erase(longest);
}

// The keys are exchanged; the office tries again soon after. (A packet id that the device has just
// had from us it would drop, so the same packet cannot go again now.)
void Session::exchange_keys(std::uint32_t packet_id, std::uint32_t to, std::uint32_t error,
                            BoxTime now, Actions& actions) {
    send_user(to, true, now, actions);
    Outcome outcome = outcome_of(error);
    outcome.retry_after = seconds(20);
    finish(packet_id, outcome, actions);
}

// The device holds the channel no more on which this radio was heard (or the radio does not): its
// first one is left.
void Session::answer_on_first_channel(std::uint32_t packet_id, Actions& actions) {
    const auto node = nodes_.find(flights_.at(packet_id).out.to);
    if (node != nodes_.end()) node->second.channel = 0;
    Outcome outcome = outcome_of(kNoChannel);
    outcome.retry_after = seconds(5);
    finish(packet_id, outcome, actions);
}

void Session::finish(std::uint32_t packet_id, Outcome outcome, Actions& actions) {
    const auto found = flights_.find(packet_id);
    if (found == flights_.end()) return;
    outcome.airtime = found->second.airtime;
    if (outcome.kind == Outcome::Kind::Delivered)
        outcome.privacy = found->second.sealed ? Privacy::ToRecipient : Privacy::Channel;
    actions.outcomes.emplace_back(found->second.out.attempt, std::move(outcome));
    flights_.erase(found);
    promised_.erase(packet_id);
    actions.spent = true;  // less than was promised
    verdicts_until_ = {};
}

void Session::not_tried(const Outgoing& out, Outcome outcome, Actions& actions) {
    if (promised_.erase(out.packet_id) > 0) actions.spent = true;
    actions.outcomes.emplace_back(out.attempt, std::move(outcome));
}

void Session::expire(BoxTime now, Actions& actions) {
    std::vector<std::uint32_t> over;
    for (const auto& [id, flight] : flights_) {
        if (now >= flight.deadline) over.push_back(id);
    }
    for (const std::uint32_t id : over) end_without_verdict(id, kTimeout, now, actions);
}

void Session::end_without_verdict(std::uint32_t id, std::uint32_t error, BoxTime now,
                                  Actions& actions) {
    Outcome outcome;
    outcome.kind = Outcome::Kind::Unknown;
    outcome.proof = ProofClass::Inferred;
    outcome.code = "no verdict";
    outcome.detail = "the device did not say what became of it";
    count_repeats(flights_.at(id), error, now, actions);
    finish(id, outcome, actions);
}

// The device tells by itself when its queue has room; a heartbeat asks, should it have forgotten.
void Session::ask_for_room(BoxTime now, Actions& actions) {
    if (now < next_ask_) return;
    next_ask_ = now + kAskForRoom;
    pb::ToRadio beat;
    beat.mutable_heartbeat();
    actions.write += framed(beat);
}

void Session::pump(BoxTime now, Actions& actions) {
    send_probe(actions);
    while (phase_ == Phase::Ready && !pending_.empty() && now >= next_send_ && now >= hold_until_) {
        if (queue_free_ == 0) return ask_for_room(now, actions);
        const Outgoing& first = pending_.front();
        if (!first.alarm && now < verdicts_until_) return;
        const milliseconds cost = needed(airtime(first), first.alarm);
        if (!ledger_.may_spend(now, cost, first.alarm)) {
            not_tried(first, no_airtime(first, cost, now), actions);
            pending_.pop_front();
            continue;
        }
        if (!first.alarm && !ledger_.may_spend(now, cost + at_risk(), false)) {
            verdicts_until_ = now + kWaitForVerdicts;
            return;
        }
        if (!ledger_.take(now, airtime(first), first.alarm)) continue;  // another radio came first
        Outgoing out = std::move(pending_.front());
        pending_.pop_front();
        transmit(std::move(out), now, actions);
    }
    pump_broker(now, actions);
}

// A device drops a packet of its host whose id is among the last twenty it was handed. Packets to
// itself take their place; they never reach the air.
void Session::push_out_old_ids(Actions& actions) {
    for (int i = 0; i < kRememberedIds; ++i) {
        pb::ToRadio message;
        pb::MeshPacket* packet = message.mutable_packet();
        packet->set_to(device_.number);
        packet->set_id(static_cast<std::uint32_t>(random_.below(0xFFFFFFFE)) + 1);
        packet->mutable_decoded()->set_portnum(kPrivatePort);
        actions.write += framed(message);
    }
}

// Both have a key, as far as the device told. By itself it seals then too, but if it lost the key
// it may fall back to the channel's without a word.
bool Session::can_seal(std::uint32_t to) const {
    const auto own = nodes_.find(device_.number);
    const auto node = nodes_.find(to);
    return own != nodes_.end() && !own->second.public_key.empty() && node != nodes_.end() &&
           node->second.public_key.size() == 32 && !node->second.unsealable;
}

// Who has no key in common with us but that of a channel is answered under it: on another he may
// not hear us at all.
std::uint32_t Session::channel_of(std::uint32_t node) const {
    const auto found = nodes_.find(node);
    return found == nodes_.end() ? 0 : found->second.channel;
}

// Its airtime is taken.
void Session::transmit(Outgoing out, BoxTime now, Actions& actions) {
    if (out.again) push_out_old_ids(actions);
    pb::ToRadio message;
    pb::MeshPacket* packet = message.mutable_packet();
    packet->set_to(out.to);
    packet->set_id(out.packet_id);
    packet->set_hop_limit(device_.hop_limit);
    packet->set_want_ack(true);
    const bool sealed = can_seal(out.to);
    if (sealed) packet->set_pki_encrypted(true);
    const std::uint32_t channel = sealed ? 0 : channel_of(out.to);
    if (channel != 0) packet->set_channel(channel);
    pb::Data* data = packet->mutable_decoded();
    data->set_portnum(kText);
    data->set_payload(out.text);
    if (out.reply_id != 0) data->set_reply_id(out.reply_id);
    actions.write += framed(message);
    actions.packets.push_back(sent_packet(*packet, device_.number));
    const milliseconds cost = airtime(out);
    actions.spent = true;
    promised_[out.packet_id] = at_worst(cost) - cost;
    if (--queue_free_ == 0) next_ask_ = now + kAskForRoom;
    next_send_ = now + options_.text_gap;
    const std::uint32_t id = out.packet_id;
    flights_[id] = Flight{std::move(out), now, now + options_.verdict_wait, cost, sealed, channel};
}

}  // namespace waypost::meshtastic
