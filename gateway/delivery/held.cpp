// SPDX-License-Identifier: Apache-2.0
#include "gateway/delivery/held.h"

#include "gateway/delivery/outside.h"

namespace waypost {
namespace {

constexpr int kAtOnce = 100;
constexpr char kLeft[] = "left";  // handle -> the last day on which it is reserved

void each_held(Ledger& ledger, const std::string& owner,
               const std::function<void(store::DeliveryRow&, const store::MessageRow&)>& work) {
    for (DeliveryId after = 0;;) {
        auto rows = ledger.tables().deliveries.held_of(owner, after, kAtOnce);
        if (rows.empty()) return;
        after = rows.back().id;
        for (store::DeliveryRow& row : rows) {
            const bool by_operator = !row.detail.empty();
            const auto message = ledger.tables().messages.find(row.message);
            if (message && !by_operator) work(row, *message);
        }
    }
}

bool paused(Ledger& ledger, const std::string& owner) {
    for (const store::PersonRow& person : ledger.tables().people.persons()) {
        if (person.handle == owner) return person.paused;
    }
    return false;
}

// The one that reaches him now: he may have got a radio since, or another one.
std::string network_of_person(Ledger& ledger, const std::string& handle) {
    for (const store::EndpointRow& endpoint : ledger.tables().people.endpoints()) {
        const std::string network = ledger.box().router.network_of(endpoint.address);
        if (endpoint.person == handle && !network.empty()) return network;
    }
    return {};
}

}  // namespace

bool has_consent(Ledger& ledger, const std::string& owner, const store::MessageRow& message) {
    if (!message.owner.empty()) return true;
    if (message.message.automatic) return false;
    const auto contact = ledger.tables().people.contact(owner, message.message.from);
    return contact && contact->state == store::ContactState::Known &&
           message.message.verified_sender;
}

void release_held(Ledger& ledger, const std::string& owner, const std::string& why,
                  const std::function<bool(const store::MessageRow&)>& may_go) {
    if (paused(ledger, owner)) return;  // all of it, until he starts again
    const std::string network = network_of_person(ledger, owner);
    each_held(ledger, owner, [&](store::DeliveryRow& row, const store::MessageRow& message) {
        if (row.recipient.scheme == "person") row.network = network;
        if (row.network.empty() || !may_go(message)) return;
        const std::string sender =
            message.owner.empty() ? message.message.from.uri() : message.owner;
        row.lane = row.priority == Priority::Alarm
                       ? 0
                       : ledger.lane_of(row.network, sender, row.recipient.uri());
        ledger.tables().deliveries.set_way(row.id, row.network, row.lane);
        ledger.move(row, State::Ready, ProofClass::Observed, {}, why);
    });
}

void release_consented(Ledger& ledger, const std::string& owner, const std::string& why) {
    release_held(ledger, owner, why, [&](const store::MessageRow& message) {
        return has_consent(ledger, owner, message);
    });
}

void cancel_held(Ledger& ledger, const std::string& owner, const Address& sender) {
    each_held(ledger, owner, [&](store::DeliveryRow& row, const store::MessageRow& message) {
        if (!(message.message.from == sender)) return;
        ledger.move(row, State::Cancelled, ProofClass::Observed, {}, "blocked by its owner");
    });
}

void leave(Ledger& ledger, const std::string& handle) {
    const auto days = ledger.box().settings.reply_window.count() / 24;
    ledger.tables().state.put(kLeft, handle, std::to_string(ledger.box().day() + days));
    for (store::DeliveryRow& row : ledger.tables().deliveries.unfinished_to(person(handle).uri())) {
        if (row.state == State::Sending) continue;  // its outcome is on its way
        tell_given_up(ledger, row, "no such address any more");
        ledger.move(row, State::Cancelled, ProofClass::Observed, "5.1.1", "its recipient has left");
    }
}

bool is_reserved(Ledger& ledger, const std::string& handle) {
    const auto until = ledger.tables().state.get(kLeft, handle);
    return until && ledger.box().day() <= std::stoll(*until);
}

}  // namespace waypost
