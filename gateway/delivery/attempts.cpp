// SPDX-License-Identifier: Apache-2.0
#include "gateway/delivery/attempts.h"

#include <algorithm>

#include "gateway/delivery/backoff.h"
#include "gateway/delivery/receipts.h"

namespace waypost {
namespace {

using std::chrono::milliseconds;

const char* name(Outcome::Kind kind) {
    switch (kind) {
        case Outcome::Kind::Sent:
            return "sent";
        case Outcome::Kind::Delivered:
            return "delivered";
        case Outcome::Kind::Retry:
            return "retry";
        case Outcome::Kind::Failed:
            return "failed";
        case Outcome::Kind::NotTried:
            return "not tried";
        case Outcome::Kind::Unknown:
            return "unknown";
    }
    return "unknown";
}

store::Ms due_after(const Ledger& ledger, const store::DeliveryRow& row, const Outcome& outcome) {
    milliseconds wait = back_off(row.attempts, row.lane != 0, ledger.box().random);
    if (outcome.retry_after && *outcome.retry_after > wait) wait = *outcome.retry_after;
    return ledger.box().box_ms() + wait.count();
}

// No byte left: the same attempt, with its wire id, is offered again.
void not_tried(Ledger& ledger, store::DeliveryRow& row, const Outcome& outcome) {
    row.resume = row.state == State::Sending;
    const milliseconds wait = outcome.retry_after ? *outcome.retry_after : std::chrono::seconds(30);
    ledger.defer(row, ledger.box().box_ms() + wait.count(), outcome.code, outcome.detail);
}

void mark_item_done(Ledger& ledger, const store::DeliveryRow& row) {
    if (row.item == 0) return;
    const auto item = ledger.tables().items.find(row.owner, row.item);
    if (item && item->message == row.message) {
        ledger.tables().items.set_done(row.owner, row.item, ledger.now());
    }
}

// Whoever takes the name next is somebody else.
bool has_left(Ledger& ledger, const Address& recipient) {
    return (recipient.scheme == "person" || is_mailbox(recipient)) &&
           !ledger.tables().people.has_person(recipient.value);
}

void apply(Ledger& ledger, store::DeliveryRow& row, const Outcome& outcome) {
    const bool again = outcome.kind == Outcome::Kind::NotTried ||
                       outcome.kind == Outcome::Kind::Retry ||
                       outcome.kind == Outcome::Kind::Unknown;
    if (again && has_left(ledger, row.recipient)) {
        return ledger.move(row, State::Cancelled, ProofClass::Observed, outcome.code,
                           "its recipient has left");
    }
    switch (outcome.kind) {
        case Outcome::Kind::Sent:
        case Outcome::Kind::Delivered:
            ledger.move(row, outcome.kind == Outcome::Kind::Sent ? State::Sent : State::Delivered,
                        outcome.proof, outcome.code, outcome.detail);
            return mark_item_done(ledger, row);
        case Outcome::Kind::Failed:
            return give_up(ledger, row, State::Failed, outcome.code, outcome.detail);
        case Outcome::Kind::NotTried:
            return not_tried(ledger, row, outcome);
        case Outcome::Kind::Retry:
        case Outcome::Kind::Unknown:
            return ledger.defer(row, due_after(ledger, row, outcome), outcome.code, outcome.detail);
    }
}

// His radio or his mailbox has the message, or may get it yet: nobody is told that it failed.
bool has_another_way(Ledger& ledger, const store::DeliveryRow& row) {
    const auto rows = ledger.tables().deliveries.of_message(row.message);
    return std::any_of(rows.begin(), rows.end(), [&](const store::DeliveryRow& other) {
        const bool lost = other.state == State::Failed || other.state == State::Expired ||
                          other.state == State::Cancelled;
        const bool the_other_end =
            (is_mailbox(row.recipient) && other.recipient == person(row.recipient.value)) ||
            (is_mailbox(other.recipient) && row.recipient == person(other.recipient.value));
        return the_other_end && !lost;
    });
}

int strength(State state) {
    if (state == State::Read) return 3;
    if (state == State::Delivered) return 2;
    return state == State::Sent ? 1 : 0;
}

// One mail to several has one Message-ID: the recipient tells whose copy it was. If none of them is
// named and there are several, nobody's fate is guessed.
std::optional<store::DeliveryRow> proven(store::Tables& tables, const WireId& wire_id,
                                         const Proof& proof) {
    if (proof.recipient.empty()) {
        const auto id = tables.deliveries.by_wire_id(wire_id);
        return id ? tables.deliveries.find(*id) : std::nullopt;
    }
    const auto ids = tables.deliveries.all_by_wire_id(wire_id);
    for (const DeliveryId id : ids) {
        auto row = tables.deliveries.find(id);
        if (row && (row->recipient == proof.recipient || ids.size() == 1)) return row;
    }
    return std::nullopt;
}

}  // namespace

bool begin_attempt(Ledger& ledger, AttemptId attempt, const TransportId& transport,
                   const WireId& wire_id, const Shown& shown) {
    auto row = ledger.tables().deliveries.find(attempt.delivery);
    if (!row || row->state != State::Ready) return false;
    if (!row->transport.empty() && row->transport != transport) {
        ledger.event(*row, "way", ProofClass::Observed, {}, row->transport + " > " + transport);
    }
    const bool again = row->resume && row->attempts == attempt.number;
    row->transport = transport;
    row->wire_id = wire_id;
    row->attempts = attempt.number;
    row->state = State::Sending;
    row->resume = false;
    row->changed_ms = ledger.now();
    if (row->first_try_box_ms == 0) row->first_try_box_ms = ledger.box().box_ms();
    ledger.tables().deliveries.update(*row);
    if (!again) ledger.tables().deliveries.begin_attempt(*row, ledger.now());
    ledger.event(*row, again ? "resumed" : "begun", ProofClass::Observed, wire_id);
    if (row->item != 0 && shown.bytes > 0) {
        ledger.tables().items.set_shown(row->owner, row->item,
                                        static_cast<std::int64_t>(shown.bytes));
    }
    return true;
}

void end_attempt(Ledger& ledger, AttemptId attempt, const Outcome& outcome) {
    auto row = ledger.tables().deliveries.find(attempt.delivery);
    if (!row) return;
    ledger.tables().deliveries.end_attempt(attempt, name(outcome.kind), ledger.now());
    const bool ours = row->state == State::Sending && row->attempts == attempt.number;
    const bool never_begun = row->state == State::Ready && outcome.kind == Outcome::Kind::NotTried;
    if (ours || never_begun) {
        apply(ledger, *row, outcome);
    } else {
        ledger.event(*row, std::string("late ") + name(outcome.kind), outcome.proof, outcome.code,
                     outcome.detail);
    }
}

void prove(Ledger& ledger, const TransportId& transport, const WireId& wire_id,
           const Proof& proof) {
    auto row = proven(ledger.tables(), wire_id, proof);
    if (!row) return;
    row->transport = transport;
    if (proof.kind == Proof::Kind::Relayed) {
        return ledger.event(*row, "relayed", proof.proof, proof.code, proof.detail);
    }
    if (proof.kind == Proof::Kind::Bounced) {
        if (row->state == State::Failed || row->state == State::Cancelled) return;
        return give_up(ledger, *row, State::Failed, proof.code, proof.detail);
    }
    const State proven = proof.kind == Proof::Kind::Read ? State::Read : State::Delivered;
    // An attempt that is under way has its own outcome coming; the proof is on record meanwhile.
    if (row->state == State::Sending || strength(row->state) >= strength(proven)) {
        return ledger.event(*row, to_string(proven), proof.proof, proof.code, proof.detail);
    }
    ledger.move(*row, proven, proof.proof, proof.code, proof.detail);
    mark_item_done(ledger, *row);
}

void give_up(Ledger& ledger, store::DeliveryRow& row, State state, const std::string& code,
             const std::string& reason) {
    ledger.move(row, state, ProofClass::Reported, code, reason);
    mark_item_done(ledger, row);
    if (!has_another_way(ledger, row))
        tell_failure(ledger, row, state == State::Expired ? "" : reason);
}

}  // namespace waypost
