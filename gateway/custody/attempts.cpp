// SPDX-License-Identifier: Apache-2.0
#include "gateway/custody/attempts.h"

#include <algorithm>

#include "gateway/custody/backoff.h"
#include "gateway/custody/group_door.h"
#include "gateway/custody/held.h"
#include "gateway/custody/later_states.h"
#include "gateway/custody/outside.h"
#include "gateway/custody/quiet_hours.h"
#include "gateway/custody/receipts.h"
#include "gateway/custody/retract.h"
#include "gateway/custody/stolen.h"
#include "gateway/custody/take_back.h"
#include "gateway/message/text.h"
#include "gateway/message/why.h"

namespace waypost {
namespace {

using std::chrono::milliseconds;

constexpr std::size_t kMostEvents = 200;  // of a message, of what changes nothing any more
constexpr std::size_t kDetailBytes = 120;

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
    if (outcome.code == kToScreen)
        return ledger.move(row, State::Held, ProofClass::Observed, outcome.code, outcome.detail);
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
        if (!has_another_way(ledger, row)) tell_given_up(ledger, row, to_string(Why::Left));
        return ledger.move(row, State::Cancelled, ProofClass::Observed, outcome.code,
                           "its recipient has left");
    }
    if (again && ends_taken_back(ledger, row)) return;
    switch (outcome.kind) {
        case Outcome::Kind::Sent:
        case Outcome::Kind::Delivered:
            ledger.move(row, outcome.kind == Outcome::Kind::Sent ? State::Sent : State::Delivered,
                        outcome.proof, outcome.code, outcome.detail, outcome.privacy);
            if (ends_asking_back(ledger, row)) return;
            owe_state(ledger, row);
            mark_item_done(ledger, row);
            if (row.state == State::Delivered) tell_arrived(ledger, row);
            if (row.state == State::Sent && !outcome.wish_taken) tell_left(ledger, row);
            return tell_shortened(ledger, row);
        case Outcome::Kind::Failed:
            return give_up(ledger, row, State::Failed, outcome.code, outcome.detail);
        case Outcome::Kind::NotTried:
            return not_tried(ledger, row, outcome);
        case Outcome::Kind::Retry:
        case Outcome::Kind::Unknown:
            return ledger.defer(row, due_after(ledger, row, outcome), outcome.code, outcome.detail);
    }
}

int strength(State state) {
    if (state == State::Read) return 3;
    if (state == State::Delivered) return 2;
    return state == State::Sent ? 1 : 0;
}

// Who lives here is meant by his own address only, however alone his copy stands under the id.
bool may_mean(const Box& box, const store::DeliveryRow& row, const Address& recipient) {
    const bool lives_here = row.recipient.scheme == "person" || is_mailbox(row.recipient);
    return !lives_here || !box.router.ours(recipient) ||
           recipient.local_part() == row.recipient.value;
}

// One mail to several has one Message-ID: the recipient tells whose copy it was. If none of them is
// named and there are several, nobody's fate is guessed.
std::optional<store::DeliveryRow> proven(Ledger& ledger, const WireId& wire_id,
                                         const Proof& proof) {
    auto& tables = ledger.tables();
    if (proof.recipient.empty()) {
        const auto id = tables.deliveries.by_wire_id(wire_id);
        return id ? tables.deliveries.find(*id) : std::nullopt;
    }
    const auto ids = tables.deliveries.all_by_wire_id(wire_id);
    for (const DeliveryId id : ids) {
        auto row = tables.deliveries.find(id);
        const bool alone = ids.size() == 1;
        if (row && (row->recipient == proof.recipient ||
                    (alone && may_mean(ledger.box(), *row, proof.recipient)))) {
            return row;
        }
    }
    return std::nullopt;
}

// However often the other side repeats itself, the record of one message stays small.
void note(Ledger& ledger, const store::DeliveryRow& row, const char* kind, ProofClass proof,
          const std::string& code, const std::string& detail) {
    if (ledger.tables().events.of_message(row.message).size() >= kMostEvents) return;
    ledger.event(row, kind, proof, code, detail);
}

void apply(Ledger& ledger, store::DeliveryRow& row, const Proof& proof) {
    if (proof.kind == Proof::Kind::Relayed)
        return note(ledger, row, "relayed", proof.proof, proof.code, proof.detail);
    if (proof.kind == Proof::Kind::Bounced) {
        if (row.state == State::Failed || row.state == State::Cancelled) return;
        return give_up(ledger, row, State::Failed, proof.code, proof.detail);
    }
    const State proven = proof.kind == Proof::Kind::Read ? State::Read : State::Delivered;
    // An attempt that is under way has its own outcome coming; the proof is on record meanwhile.
    if (row.state == State::Sending || strength(row.state) >= strength(proven))
        return note(ledger, row, to_string(proven), proof.proof, proof.code, proof.detail);
    ledger.move(row, proven, proof.proof, proof.code, proof.detail);
    owe_state(ledger, row);
    mark_item_done(ledger, row);
    tell_arrived(ledger, row);
}

// A neighbour that tells by id alone knows of what it was handed itself, or somebody who reads its
// mail: others may know the id as well.
bool may_tell(Ledger& ledger, const store::DeliveryRow& row, const Message& message) {
    if (ledger.box().neighbours.at(message.peer) == nullptr) return true;
    const auto events = ledger.tables().events.of_message(row.message);
    return std::any_of(events.begin(), events.end(), [&](const store::EventRow& event) {
        return event.delivery == row.id && event.transport == message.transport;
    });
}

Proof proof_of(const Fate& fate) {
    Proof proof;
    proof.kind = fate.kind == Fate::Kind::Failed      ? Proof::Kind::Bounced
                 : fate.kind == Fate::Kind::Delivered ? Proof::Kind::Delivered
                                                      : Proof::Kind::Relayed;
    proof.code = fate.code;
    proof.detail = fate.detail;
    proof.recipient = fate.recipient;
    return proof;
}

}  // namespace

bool begin_attempt(Ledger& ledger, AttemptId attempt, const TransportId& transport,
                   const WireId& wire_id, const Shown& shown) {
    auto row = ledger.tables().deliveries.find(attempt.delivery);
    if (!row || row->state != State::Ready || wait_for_quiet(ledger, *row)) return false;
    if (hold_for_stolen(ledger, *row)) return false;
    if (shown.message != 0 && shown.message != row->message) return false;  // it says more by now
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
    // A restart offers an attempt again that meanwhile arrived by itself: it is not sent twice.
    const bool arrived =
        outcome.kind == Outcome::Kind::Sent || outcome.kind == Outcome::Kind::Delivered;
    const bool before_restart =
        row->state == State::Ready && row->resume && row->attempts == attempt.number && arrived;
    if (before_restart) row->resume = false;
    if (ours || never_begun || before_restart) {
        apply(ledger, *row, outcome);
    } else {
        ledger.event(*row, std::string("late ") + name(outcome.kind), outcome.proof, outcome.code,
                     outcome.detail, outcome.privacy);
    }
}

bool prove(Ledger& ledger, const TransportId& transport, const WireId& wire_id,
           const Proof& proof) {
    auto row = proven(ledger, wire_id, proof);
    if (!row) return false;
    row->transport = transport;
    apply(ledger, *row, proof);
    return true;
}

bool take_report(Ledger& ledger, const Message& message, std::optional<DeliveryId> named) {
    const Fate fate = message.fate.value_or(Fate{});
    const Proof proof = proof_of(fate);
    if (!named && fate.wire_id.empty()) return false;
    auto row =
        named ? ledger.tables().deliveries.find(*named) : proven(ledger, fate.wire_id, proof);
    if (!row || (!named && !may_tell(ledger, *row, message))) return false;
    row->transport = message.transport;
    if (fate.kind == Fate::Kind::NotSaid || fate.kind == Fate::Kind::Delayed) {
        const bool delayed = fate.kind == Fate::Kind::Delayed;
        note(ledger, *row, delayed ? "delayed" : "answered by a program", ProofClass::Reported,
             fate.code, one_line(delayed ? fate.detail : message.subject, kDetailBytes));
    } else {
        apply(ledger, *row, proof);
    }
    return true;
}

void give_up(Ledger& ledger, store::DeliveryRow& row, State state, const std::string& code,
             const std::string& reason) {
    ledger.move(row, state, ProofClass::Reported, code, reason);
    if (ends_asking_back(ledger, row)) return;
    mark_item_done(ledger, row);
    if (const std::string group = group_of(ledger.tables(), row); !group.empty()) {
        if (state == State::Failed) ledger.box().groups->failed(ledger, row, group);
        return;
    }
    if (has_another_way(ledger, row)) return;
    const std::string why = state == State::Expired ? std::string() : reason;
    tell_failure(ledger, row, why);
    tell_given_up(ledger, row, why);
}

}  // namespace waypost
