// SPDX-License-Identifier: Apache-2.0
#include "gateway/custody/held.h"

#include <algorithm>

#include "gateway/custody/codes.h"
#include "gateway/custody/group_door.h"
#include "gateway/custody/language.h"
#include "gateway/custody/matters.h"
#include "gateway/custody/met_neighbours.h"
#include "gateway/custody/neighbour_mail.h"
#include "gateway/custody/outside.h"
#include "gateway/custody/profile.h"
#include "gateway/message/why.h"
#include "gateway/people/mail_accounts.h"

namespace waypost {
namespace {

constexpr int kAtOnce = 100;
constexpr char kTooMany[] = "unasked-dropped";  // use: of whom senders were told so
constexpr int kToldTooManyPerDay = 20;
constexpr char kLeft[] = "left";  // hash of a handle -> the last day on which it is reserved

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

// He has paused, or the operator has not said yes to him yet.
bool closed(Ledger& ledger, const std::string& owner) {
    const auto person = ledger.tables().people.person(owner);
    return person && (person->paused || !person->approved);
}

// The one that reaches him now: he may have got a radio since, or another one.
std::string network_of_person(Ledger& ledger, const std::string& handle) {
    std::string of_mailbox;
    for (const store::EndpointRow& endpoint : ledger.tables().people.endpoints()) {
        const std::string network = ledger.box().router.network_of(endpoint.address);
        if (endpoint.person != handle || endpoint.suspended || network.empty()) continue;
        if (!is_mailbox(endpoint.address)) return network;
        of_mailbox = network;
    }
    return of_mailbox;
}

void let_go(Ledger& ledger, store::DeliveryRow& row, const std::string& network,
            const std::string& sender, const std::string& why) {
    if (row.recipient.scheme == "person") row.network = network;
    if (row.network.empty()) return;
    row.lane = row.priority == Priority::Alarm
                   ? 0
                   : ledger.lane_of(row.network, sender, row.recipient.uri());
    ledger.tables().deliveries.set_way(row.id, row.network, row.lane);
    ledger.move(row, State::Ready, ProofClass::Observed, {}, why);
}

// By the senders on record; what has none there is asked of the message itself.
std::vector<store::DeliveryRow> held_from(Ledger& ledger, const std::string& owner,
                                          const Address& sender) {
    auto& tables = ledger.tables();
    std::vector<store::DeliveryRow> rows;
    for (const DeliveryId id : tables.held.from(owner, sender.uri())) {
        if (auto row = tables.deliveries.find(id)) rows.push_back(std::move(*row));
    }
    for (const DeliveryId id : tables.held.from(owner, {})) {
        auto row = tables.deliveries.find(id);
        const auto message = row ? tables.messages.find(row->message) : std::nullopt;
        if (message && message->message.from == sender) rows.push_back(std::move(*row));
    }
    return rows;
}

// He was asked too often to be asked of this one too.
void drop_unasked(Ledger& ledger, store::DeliveryRow& row) {
    auto& tables = ledger.tables();
    const std::int64_t today = ledger.box().day();
    const bool may_tell = !has_another_way(ledger, row) &&
                          tables.state.used(row.owner, today, kTooMany) < kToldTooManyPerDay;
    if (may_tell) {
        tables.state.use(row.owner, today, kTooMany);
        row.code = "5.2.2";  // RFC 3463: its mailbox is full
        tell_given_up(ledger, row, "too many mails wait there to be asked for");
    }
    ledger.move(row, State::Cancelled, ProofClass::Observed, "5.2.2",
                "more than " + std::to_string(kMostUnasked) + " waited unasked");
    tables.items.set_done(row.owner, row.item, ledger.now());
}

}  // namespace

bool has_consent(Ledger& ledger, const std::string& owner, const store::MessageRow& message) {
    if (!message.owner.empty()) return true;
    if (message.message.automatic) return false;
    if (neighbour_vouches(ledger.tables(), ledger.box(), owner, message.message)) return true;
    const auto contact = ledger.tables().people.contact(owner, message.message.from);
    return contact && contact->state == store::ContactState::Known &&
           message.message.verified_sender;
}

void release_held(Ledger& ledger, const std::string& owner, const std::string& why,
                  const std::function<bool(const store::MessageRow&)>& may_go) {
    if (closed(ledger, owner)) return;  // all of it, until he starts again
    const std::string network = network_of_person(ledger, owner);
    each_held(ledger, owner, [&](store::DeliveryRow& row, const store::MessageRow& message) {
        if (!may_go(message)) return;
        let_go(ledger, row, network,
               message.owner.empty() ? message.message.from.uri() : message.owner, why);
    });
}

void release_from(Ledger& ledger, const std::string& owner, const Address& sender,
                  const std::string& why) {
    if (closed(ledger, owner)) return;
    const std::string network = network_of_person(ledger, owner);
    for (store::DeliveryRow& row : held_from(ledger, owner, sender))
        let_go(ledger, row, network, sender.uri(), why);
}

void release_consented(Ledger& ledger, const std::string& owner, const std::string& why) {
    release_held(ledger, owner, why, [&](const store::MessageRow& message) {
        return has_consent(ledger, owner, message);
    });
}

void cancel_from(Ledger& ledger, const std::string& owner, const Address& sender) {
    for (store::DeliveryRow& row : held_from(ledger, owner, sender)) {
        ledger.move(row, State::Cancelled, ProofClass::Observed, {}, "blocked by its owner");
        ledger.tables().items.set_done(owner, row.item, ledger.now());
    }
}

void note_held(Ledger& ledger, const store::DeliveryRow& delivery, const Address& from,
               store::Asked asked) {
    auto& tables = ledger.tables();
    tables.held.note(delivery.id, from.uri(), asked);
    if (asked == store::Asked::Yes) return;
    if (tables.held.count_unasked(delivery.owner) <= kMostUnasked) return;
    const auto oldest = tables.held.oldest_unasked(delivery.owner);
    auto row = oldest ? tables.deliveries.find(*oldest) : std::nullopt;
    if (row) drop_unasked(ledger, *row);
}

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

// What waited for the mailbox alone goes nowhere now; it stays, held, for a radio or a new mailbox.
void close_mailbox(Ledger& ledger, const std::string& handle) {
    auto& tables = ledger.tables();
    if (!forget_mail_account(tables, handle)) return;
    tables.people.remove_endpoint(mailbox(handle).uri());
    ledger.effects().people_changed = true;
    for (store::DeliveryRow& row : tables.deliveries.unfinished_to(mailbox(handle).uri())) {
        if (row.state == State::Sending) continue;
        ledger.move(row, State::Cancelled, ProofClass::Observed, {}, "the mailbox was closed");
    }
    if (!network_of_person(ledger, handle).empty()) return;
    for (store::DeliveryRow& row : tables.deliveries.unfinished_to(person(handle).uri())) {
        if (row.state == State::Sending || row.state == State::Held) continue;
        ledger.move(row, State::Held, ProofClass::Observed);  // a detail would be an operator's
    }
}

void leave(Ledger& ledger, const std::string& handle) {
    const auto days = ledger.box().settings->reply_window.count() / 24;
    ledger.tables().state.put(kLeft, store::forgotten_hash(handle),
                              std::to_string(ledger.box().day() + days));
    ledger.tables().groups.forget_member(person(handle));
    ledger.tables().posts.forget_waiting(person(handle));
    ledger.tables().state.erase(kGroupShareState, handle);
    ledger.tables().state.erase(kPublicConsentState, handle);
    ledger.tables().state.erase(kProfileState, handle);
    ledger.tables().check_ins.remove(handle);
    forget_language(ledger, handle);
    forget_met(ledger.tables(), handle);
    close_mailbox(ledger, handle);
    drop_code(ledger, handle);
    withdraw(ledger, handle);
    for (store::DeliveryRow& row : ledger.tables().deliveries.unfinished_to(person(handle).uri())) {
        if (row.state == State::Sending) continue;  // its outcome is on its way
        if (!has_another_way(ledger, row)) tell_given_up(ledger, row, to_string(Why::Left));
        ledger.move(row, State::Cancelled, ProofClass::Observed, "5.1.1", "its recipient has left");
    }
}

bool is_reserved(Ledger& ledger, const std::string& handle) {
    if (ledger.tables().groups.find(handle)) return true;  // one space of names
    auto& state = ledger.tables().state;
    auto until = state.get(kLeft, store::forgotten_hash(handle));
    if (!until) until = state.get(kLeft, handle);  // as the release before wrote it
    return until && ledger.box().day() <= std::stoll(*until);
}

}  // namespace waypost
