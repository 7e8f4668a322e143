// SPDX-License-Identifier: Apache-2.0
#include "gateway/custody/ledger.h"

#include <sodium.h>

#include <array>
#include <cstring>

#include "gateway/custody/met_neighbours.h"
#include "gateway/custody/stolen.h"

namespace waypost {
namespace {

std::string base36(std::int64_t number) {
    std::string digits;
    do {
        digits.insert(digits.begin(), "0123456789abcdefghijklmnopqrstuvwxyz"[number % 36]);
        number /= 36;
    } while (number > 0);
    return digits;
}

}  // namespace

Ledger::Ledger(store::Tables& tables, const Box& box, Effects& effects)
    : tables_(tables), box_(box), effects_(effects), now_(box.wall_ms()) {}

MessageId Ledger::add_message(store::MessageRow& row) {
    row.created_ms = now_;
    // Begins with the time, so that the index of wire ids grows at its end; the rest is chance, so
    // that nobody outside can guess it.
    row.message_id =
        '<' + base36(now_) + '.' + box_.random.hex(6) + '@' + box_.settings->domain + '>';
    if (row.message.network == "local") row.message.privacy = Privacy::Here;
    row.id = tables_.messages.insert(row);
    store::EventRow accepted;
    accepted.message = row.id;
    accepted.at_ms = now_;
    accepted.kind = "accepted";
    accepted.transport = row.message.transport;
    accepted.code = row.message.origin_id;
    accepted.privacy = row.message.privacy;
    tables_.events.add(accepted);
    return row.id;
}

DeliveryId Ledger::add_delivery(store::DeliveryRow& row, const std::string& why) {
    row.created_ms = row.changed_ms = now_;
    if (row.turn.empty()) row.turn = row.owner;
    if (row.expires_ms == 0) {
        row.expires_ms = now_ + std::chrono::milliseconds(box_.settings->expiry).count();
    }
    const Neighbour* neighbour = box_.neighbours.speaker(row.recipient);
    const bool stolen = neighbour != nullptr && row.state == State::Ready &&
                        stolen_box(tables_, neighbour->name).has_value();
    if (stolen) {
        row.state = State::Held;
        row.code = kStolenCode;
        row.detail = stolen_words(neighbour->name);
    }
    row.id = tables_.deliveries.insert(row);
    if (neighbour != nullptr) note_met(tables_, row.turn, neighbour->name);
    if (row.state == State::Ready) effects_.networks.insert(row.network);
    if (row.state != State::Ready)
        event(row, to_string(row.state), ProofClass::Observed, stolen ? kStolenCode : "",
              stolen ? row.detail : why);
    effects_.moved.push_back({row.message, row.id, row.network, row.state, row.owner, row.turn});
    return row.id;
}

void Ledger::event(const store::DeliveryRow& row, std::string kind, ProofClass proof,
                   std::string code, std::string detail, std::optional<Privacy> privacy) {
    tables_.events.add({row.message, row.id, now_, std::move(kind), proof, row.transport,
                        std::move(code), std::move(detail), privacy});
}

void Ledger::note(MessageId message, std::string kind, std::string detail) {
    tables_.events.add(
        {message, 0, now_, std::move(kind), ProofClass::Observed, {}, {}, std::move(detail), {}});
}

void Ledger::move(store::DeliveryRow& row, State state, ProofClass proof, std::string code,
                  std::string detail, std::optional<Privacy> privacy) {
    // Only what stood at the head of its lane lets the next one go.
    const bool led =
        row.state == State::Deferred || row.state == State::Ready || row.state == State::Sending;
    row.state = state;
    row.changed_ms = now_;
    row.code = code;
    row.detail = detail;
    tables_.deliveries.update(row);
    event(row, to_string(row.state), proof, std::move(code), std::move(detail), privacy);
    effects_.moved.push_back({row.message, row.id, row.network, row.state, row.owner, row.turn});
    if (row.state == State::Ready) effects_.networks.insert(row.network);
    if (led && (is_final(state) || state == State::Held)) advance(row.lane);
    if (is_final(state)) settle(row);
}

void Ledger::advance(std::int64_t lane) {
    if (const auto network = tables_.deliveries.advance_lane(lane)) {
        effects_.networks.insert(*network);
    }
}

// The number under which its sender speaks of it may be given anew one day.
void Ledger::settle(const store::DeliveryRow& row) {
    if (!tables_.deliveries.all_ended(row.message)) return;
    tables_.messages.set_ended(row.message, now_);
    tables_.items.set_sent_done(row.message, now_);
    if (tells_to_forget(box_, row)) end_telling(*this, row);
}

void Ledger::defer(store::DeliveryRow& row, store::Ms due_box_ms, std::string code,
                   std::string detail) {
    row.due_box_ms = due_box_ms;
    if (box_.router.ordered(row.network))
        effects_.waiting_recipients.emplace(row.network, row.recipient.uri());
    if (row.code == code && row.detail == detail && !code.empty() && row.state == State::Ready) {
        // Asked again and told the same: that it waits is on record, once.
        row.state = State::Deferred;
        row.changed_ms = now_;
        tables_.deliveries.update(row);
    } else {
        move(row, State::Deferred, ProofClass::Observed, std::move(code), std::move(detail));
    }
    const store::Ms block = std::chrono::milliseconds(kLaneBlock).count();
    if (row.lane != 0 && due_box_ms - row.first_try_box_ms >= block) {
        advance(row.lane);
    }
}

MessageId Ledger::say(const Address& endpoint, std::string text, store::Kind kind,
                      Priority priority, const std::string& owner, MessageId about) {
    store::MessageRow row;
    row.kind = kind;
    row.answers = about;
    row.message.network = "local";
    row.message.text = std::move(text);
    row.message.automatic = true;
    row.message.priority = priority;
    add_message(row);
    store::DeliveryRow delivery;
    delivery.message = row.id;
    delivery.owner = owner.empty() ? box_.directory.get()->owner_of(endpoint) : owner;
    delivery.recipient = endpoint;
    delivery.network = box_.router.network_of(endpoint);
    if (priority != Priority::Alarm) {
        // What is held for its person must not be in the way of what such a radio may read, nor
        // what waits for the end of his quiet hours in the way of an answer.
        const std::string sender = kind == store::Kind::Answer ? "answers " : "gateway ";
        delivery.lane = lane_of(delivery.network, sender + delivery.owner, endpoint.uri());
    }
    delivery.priority = priority;
    delivery.expires_ms = now_ + std::chrono::milliseconds(box_.settings->answer_expiry).count();
    add_delivery(delivery);
    return row.id;
}

MessageId Ledger::say_instead(store::DeliveryRow& row, std::string text) {
    store::MessageRow instead;
    instead.kind = store::Kind::Answer;
    instead.message.network = "local";
    instead.message.text = std::move(text);
    instead.message.automatic = true;
    instead.message.priority = row.priority;
    add_message(instead);
    event(row, "joined", ProofClass::Observed, {}, "said with a later one");
    tables_.messages.set_ended(row.message, now_);
    tables_.deliveries.set_message(row.id, instead.id);
    row.message = instead.id;
    return instead.id;
}

std::int64_t Ledger::lane_of(const std::string& network, const std::string& sender,
                             const std::string& recipient) const {
    if (!box_.router.ordered(network)) return 0;
    const std::string key = network + '\n' + sender + '\n' + recipient;
    std::array<unsigned char, 16> hash{};
    crypto_generichash(hash.data(), hash.size(), reinterpret_cast<const unsigned char*>(key.data()),
                       key.size(), nullptr, 0);
    std::int64_t lane = 0;
    std::memcpy(&lane, hash.data(), sizeof lane);
    return lane == 0 ? 1 : lane;
}

}  // namespace waypost
