// SPDX-License-Identifier: Apache-2.0
#include "gateway/custody/queue_acts.h"

#include "gateway/custody/take_back.h"
#include "gateway/message/why.h"

namespace waypost {
namespace {

// What may be done in this state, as the state that follows.
std::optional<State> after(QueueAct act, State state) {
    if (is_final(state) || state == State::Sending) return std::nullopt;
    switch (act) {
        case QueueAct::Hold:
            return State::Held;
        case QueueAct::Cancel:
            return State::Cancelled;
        case QueueAct::Release:
            return state == State::Held ? std::optional(State::Ready) : std::nullopt;
        case QueueAct::Bump:
            return state == State::Held ? std::nullopt : std::optional(State::Ready);
        case QueueAct::Retry:
            return State::Ready;
    }
    return std::nullopt;
}

void bump(Ledger& ledger, store::DeliveryRow& row) {
    if (row.priority > Priority::Urgent) row.priority = Priority::Urgent;
    row.turn = kOperatorsTurn;
    ledger.tables().deliveries.set_turn(row.id, row.priority, row.turn);
    ledger.event(row, "bumped", ProofClass::Observed, {}, to_string(Why::Operator));
    if (row.state == State::Deferred)
        ledger.move(row, State::Ready, ProofClass::Observed, {}, to_string(Why::Operator));
    ledger.effects().networks.insert(row.network);
}

}  // namespace

Result<void> act_on_queue(Ledger& ledger, QueueAct act, DeliveryId id) {
    auto& deliveries = ledger.tables().deliveries;
    auto row = deliveries.find(id);
    if (!row) return Error{Code::NotFound, "no delivery " + std::to_string(id), false};
    const auto next = after(act, row->state);
    if (!next) {
        return Error{Code::Conflict,
                     "delivery " + std::to_string(id) + " is " + to_string(row->state) +
                         ": too late for that",
                     false};
    }
    if (act != QueueAct::Bump) {
        ledger.move(*row, *next, ProofClass::Observed, {}, to_string(Why::Operator));
        if (is_final(*next)) ends_asking_back(ledger, *row);
        return {};
    }
    for (const DeliveryId before : deliveries.before_in_lane(row->lane, id)) {
        if (auto other = deliveries.find(before); other && other->state != State::Sending)
            bump(ledger, *other);
    }
    bump(ledger, *row);
    return {};
}

}  // namespace waypost
