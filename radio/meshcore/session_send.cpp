// SPDX-License-Identifier: Apache-2.0
// The sending half of a session: the radio does not repeat what nobody acknowledged, the host does.
#include <algorithm>

#include "gateway/base/encoding.h"
#include "gateway/message/why.h"
#include "radio/meshcore/address.h"
#include "radio/meshcore/session.h"

namespace waypost::meshcore {
namespace {

using Kind = Outcome::Kind;
using std::chrono::seconds;

constexpr int kTries = 3;
constexpr std::size_t kMostFlights = 3;
constexpr std::size_t kMostLate = 64;
constexpr int kMostRefusals = 3;
constexpr seconds kRefusedWait{3};
constexpr milliseconds kLeastWait = seconds(2);
constexpr milliseconds kMostWait = seconds(120);
constexpr int kTriesInFlags = 4;  // beyond, two bytes behind the text count them
constexpr std::size_t kTailBytes = 2;

Outcome retry(const std::string& code, const std::string& detail, seconds after) {
    Outcome out = outcome(Kind::Retry, code, detail);
    out.retry_after = after;
    return out;
}

}  // namespace

void Session::promise(const Outgoing& out) {
    promised_[out.wire_id] = cost(out.text.size()) * kTries;
}

milliseconds Session::promised() const {
    milliseconds sum{0};
    for (const auto& [id, each] : promised_) sum += each;
    return sum;
}

// Preambles as firmware of 2026 has them.
milliseconds Session::airtime_of_bytes(std::size_t bytes) const {
    LoraParams params;
    params.spreading_factor = std::clamp(self_.spreading_factor, 5, 12);
    params.bandwidth_hz = static_cast<int>(std::clamp(self_.bandwidth_hz, 7'800u, 1'000'000u));
    params.coding_rate = std::clamp(self_.coding_rate, 5, 8);
    params.preamble_symbols = params.spreading_factor <= 8 ? 32 : 16;
    return std::chrono::duration_cast<milliseconds>(
               time_on_air(params, std::min<std::size_t>(bytes, kMostPacket))) +
           milliseconds(1);
}

// Header, codes of a region, path length; hashes and MAC; blocks of 16. A path is not known before
// the device chooses one: a flooded text starts without, so the longest common one is counted.
milliseconds Session::cost(std::size_t text_bytes) const {
    constexpr std::size_t kHead = 1 + 4 + 1 + 8, kSeal = 1 + 1 + 2;
    const std::size_t blocks = (5 + text_bytes + kTailBytes + 15) / 16 * 16;
    return airtime_of_bytes(kHead + kSeal + blocks);
}

// With all repeats counted in advance it stays in the budget. An alarm goes if it can go once, and
// so does what would never fit a very small budget.
milliseconds Session::needed(milliseconds once, bool alarm) const {
    return alarm || once * kTries > text_budget_ ? once : once * kTries;
}

bool Session::is_under_way_to(const std::string& address) const {
    return std::any_of(flights_.begin(), flights_.end(),
                       [&](const auto& each) { return each.second.out.to == address; });
}

// In order to each; alarms wait for nobody.
void Session::pump(BoxTime now, Actions& actions) {
    if (phase_ != Phase::Ready) return;
    for (auto each = pending_.begin(); each != pending_.end();) {
        const bool may = each->alarm || (now >= next_send_ && flights_.size() < kMostFlights &&
                                         !is_under_way_to(each->to));
        if (!may) {
            ++each;
            continue;
        }
        Outgoing out = std::move(*each);
        each = pending_.erase(each);
        begin(std::move(out), now, actions);
    }
}

std::string Session::key_for(const Outgoing& out, Outcome& why) const {
    if (const Contact* contact = find(out.to)) return contact->key;
    if (const auto key = remembered(out.to)) return *key;
    const auto target = parse_target(out.to);
    if (!target || target->kind == Target::Kind::Name) {
        why = outcome(Kind::Failed, "name", "a name on a channel is no address");
    } else if (with_prefix(target->prefix).size() > 1) {
        why = retry("clash", "two radios have keys that begin alike", std::chrono::hours(1));
    } else {
        why = retry("contact", "the radio is not known here: it has to send an advert",
                    std::chrono::minutes(2));
    }
    return {};
}

void Session::begin(Outgoing out, BoxTime now, Actions& actions) {
    if (!why_not_.empty()) {
        return not_tried(out, outcome(Kind::NotTried, "law", why_not_), actions);
    }
    Outcome why;
    const std::string key = key_for(out, why);
    const bool tail = out.first_try + kTries > kTriesInFlags;
    if (key.empty()) return not_tried(out, why, actions);
    if (out.text.size() + (tail ? kTailBytes : 0) > kTextBytes)
        return not_tried(out, outcome(Kind::Failed, "size", to_string(Why::RadioSize)), actions);
    const milliseconds once = cost(out.text.size());
    if (!ledger_.may_spend(now, needed(once, out.alarm), out.alarm))
        return not_tried(out, no_airtime(out, now), actions);
    const std::string id = out.wire_id;
    Flight flight;
    flight.out = std::move(out);
    flight.key = key;
    flights_[id] = std::move(flight);
    transmit(id, now, actions);
}

void Session::put_in_table(const std::string& key) {
    if (contacts_.count(key) > 0) return;
    make_room_if_full();
    Contact contact;
    contact.key = key;
    contact.name = to_hex(key.substr(0, kPrefixBytes));
    contacts_[key].contact = contact;
    add(contact);
}

void Session::transmit(const std::string& wire_id, BoxTime now, Actions& actions) {
    Flight& flight = flights_.at(wire_id);
    if (!ledger_.may_spend(now, cost(flight.out.text.size()), flight.out.alarm)) {
        if (flight.tries > 0) return end_without_verdict(wire_id, actions);
        not_tried(flight.out, no_airtime(flight.out, now), actions);
        flights_.erase(wire_id);
        return;
    }
    put_in_table(flight.key);
    Contact& contact = contacts_.at(flight.key).contact;
    contacts_.at(flight.key).used = now;
    if (flight.tries == kTries - 1 && contact.path_length != kNoPath) {
        contact.path_length = kNoPath;
        ask(What::ResetPath, reset_path(flight.key), flight.key);
    }
    const int number = std::min(flight.out.first_try + flight.tries, 255);
    ask(What::SendText,
        send_text(static_cast<std::uint8_t>(number), flight.out.time, flight.key, flight.out.text),
        wire_id);
    flight.asked = true;
    next_send_ = now + options_.text_gap;
}

// It is on air, or may be.
void Session::spend_try(Flight& flight, BoxTime now, Actions& actions) {
    const milliseconds once = cost(flight.out.text.size());
    ++flight.tries;
    flight.airtime += once;
    ledger_.spend(now, once);
    auto& left = promised_[flight.out.wire_id];
    left = std::max(left - once, milliseconds(0));
    actions.spent = true;
}

void Session::sent(const Sent& sent, BoxTime now, Actions& actions) {
    const auto found = flights_.find(asked_->about);
    if (found == flights_.end()) return;
    Flight& flight = found->second;
    flight.asked = false;
    spend_try(flight, now, actions);
    flight.acks.insert(sent.ack);
    flight.deadline = now + std::clamp(milliseconds(sent.timeout_ms), kLeastWait, kMostWait);
    PacketSeen seen;
    seen.out = true;
    seen.bytes = flight.out.text.size();
    seen.text = "text to " + flight.out.to + (sent.flood ? ", flooded" : ", by its path");
    actions.packets.push_back(std::move(seen));
}

void Session::refused(const Failed& failed, BoxTime now, Actions& actions) {
    const auto found = flights_.find(asked_->about);
    if (found == flights_.end()) return;
    Flight& flight = found->second;
    flight.asked = false;
    if (failed.code == kNotFound) contacts_.erase(flight.key);
    const bool for_good = failed.code == kUnsupported || failed.code == kBadArgument;
    if (!for_good && flight.refusals++ < kMostRefusals) {
        flight.deadline = now + kRefusedWait;
        return;
    }
    const std::string code = "error " + std::to_string(failed.code);
    finish(asked_->about,
           for_good ? outcome(Kind::Failed, code, "refused by the device")
                    : retry(code, "the device does not take it now", seconds(30)),
           actions);
}

// Who acknowledges is there: what waits for him may go too.
void Session::confirmed(const Delivered& delivered, BoxTime now, Actions& actions) {
    for (const auto& [id, flight] : flights_) {
        if (flight.acks.count(delivered.ack) == 0) continue;
        if (const auto who = contacts_.find(flight.key); who != contacts_.end())
            hear(who->second.contact, Heard::Key::Remembered, std::nullopt, -1, now, actions);
        Outcome out = outcome(Kind::Delivered, "ack", {}, ProofClass::Reported);
        out.privacy = Privacy::InClear;  // what it is sealed with is too weak for a better word
        return finish(std::string(id), std::move(out), actions);
    }
    const auto late = late_.find(delivered.ack);
    if (late == late_.end()) return;
    actions.proofs.emplace_back(late->second,
                                Proof{Proof::Kind::Delivered, ProofClass::Reported, "ack", "", {}});
}

void Session::finish(const std::string& wire_id, Outcome outcome, Actions& actions) {
    const auto found = flights_.find(wire_id);
    if (found == flights_.end()) return;
    outcome.airtime = found->second.airtime;
    const bool delivered = outcome.kind == Kind::Delivered;
    for (const std::uint32_t ack : found->second.acks) {
        if (delivered || !late_.emplace(ack, wire_id).second) continue;
        late_order_.push_back(ack);
        if (late_order_.size() <= kMostLate) continue;
        late_.erase(late_order_.front());
        late_order_.pop_front();
    }
    actions.outcomes.emplace_back(found->second.out.attempt, std::move(outcome));
    promised_.erase(wire_id);
    flights_.erase(found);
    actions.spent = true;  // less than was promised
}

void Session::end_without_verdict(const std::string& wire_id, Actions& actions) {
    finish(wire_id,
           outcome(Kind::Unknown, "no ack", "no answer from the radio", ProofClass::Inferred),
           actions);
}

void Session::not_tried(const Outgoing& out, Outcome outcome, Actions& actions) {
    if (promised_.erase(out.wire_id) > 0) actions.spent = true;
    actions.outcomes.emplace_back(out.attempt, std::move(outcome));
}

void Session::expire(BoxTime now, Actions& actions) {
    std::vector<std::string> over;
    for (const auto& [id, flight] : flights_) {
        if (!flight.asked && now >= flight.deadline) over.push_back(id);
    }
    for (const std::string& id : over) {
        const bool again = phase_ == Phase::Ready && flights_.at(id).tries < kTries;
        again ? transmit(id, now, actions) : end_without_verdict(id, actions);
    }
}

Outcome Session::no_airtime(const Outgoing& out, BoxTime now) const {
    const milliseconds once = cost(out.text.size());
    Outcome result = outcome(Kind::NotTried, kNoAirtime, "this hour's airtime is used up");
    const auto wait = ledger_.free_at(now, needed(once, out.alarm), out.alarm) - now;
    result.retry_after = std::chrono::duration_cast<seconds>(wait) + seconds(1);
    return result;
}

}  // namespace waypost::meshcore
