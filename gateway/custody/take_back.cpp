// SPDX-License-Identifier: Apache-2.0
#include "gateway/custody/take_back.h"

#include <algorithm>
#include <cstdlib>

#include "gateway/custody/language.h"

namespace waypost {
namespace {

// Events of the message that is taken back.
constexpr char kAsked[] = "asked back";
constexpr char kTakenBack[] = "taken back";

bool is_out(const store::DeliveryRow& row) {
    return row.state == State::Sent || row.state == State::Delivered || row.state == State::Read;
}

bool can_be_asked_back(const Box& box, const store::DeliveryRow& row) {
    return is_out(row) && !row.wire_id.empty() && box.router.takes_back(row.transport);
}

MessageId add_wish(Ledger& ledger, const std::string& owner, MessageId message,
                   const Address& asker) {
    store::MessageRow wish;
    wish.kind = store::Kind::TakeBack;
    wish.owner = owner;
    wish.answers = message;
    wish.message.network = "local";
    wish.message.automatic = true;
    wish.message.return_path = asker;
    wish.message.priority = Priority::Urgent;
    return ledger.add_message(wish);
}

void add_copy(Ledger& ledger, MessageId wish, const store::DeliveryRow& sent) {
    store::DeliveryRow row;
    row.message = wish;
    row.owner = sent.owner;
    row.turn = sent.turn;
    row.recipient = sent.recipient;
    row.network = sent.network;
    row.transport = sent.transport;
    row.lane = ledger.lane_of(sent.network, "taken back " + sent.turn, sent.recipient.uri());
    row.priority = Priority::Urgent;
    ledger.add_delivery(row);
}

}  // namespace

bool ask_back(Ledger& ledger, const std::string& owner, MessageId message, const Address& asker) {
    MessageId wish = 0;
    for (const store::DeliveryRow& row : ledger.tables().deliveries.of_message(message)) {
        if (!can_be_asked_back(ledger.box(), row)) continue;
        if (wish == 0) wish = add_wish(ledger, owner, message, asker);
        add_copy(ledger, wish, row);
    }
    if (wish == 0) return false;
    ledger.tables().owed.erase(owner, message);  // that it has left is no news
    ledger.note(message, kAsked, "by its author");
    return true;
}

bool is_asked_back(Ledger& ledger, MessageId message) {
    const auto events = ledger.tables().events.of_message(message);
    return std::any_of(events.begin(), events.end(),
                       [](const auto& event) { return event.kind == kAsked; });
}

std::string took_back(Ledger& ledger, const Catalogue& words, MessageId message, int item) {
    const std::string number = std::to_string(item);
    for (const auto& event : ledger.tables().events.of_message(message)) {
        if (event.kind != kTakenBack || event.code.empty()) continue;
        return event.code == "0"
                   ? words.say("took_back_here", {{"item", number}})
                   : words.say("took_back", {{"item", number}, {"count", event.code}});
    }
    return {};
}

bool ends_asking_back(Ledger& ledger, const store::DeliveryRow& row) {
    if (!ledger.box().router.takes_back(row.transport)) return false;
    auto& tables = ledger.tables();
    const auto wish = tables.messages.find(row.message);
    if (!wish || wish->kind != store::Kind::TakeBack) return false;
    if (!tables.deliveries.all_ended(wish->id)) return true;
    bool done = false;
    int servers = 0;
    for (const store::DeliveryRow& each : tables.deliveries.of_message(wish->id)) {
        if (!is_out(each)) continue;
        done = true;
        servers += std::atoi(each.code.c_str());
    }
    if (done) {
        store::EventRow event;
        event.message = wish->answers;
        event.at_ms = ledger.now();
        event.kind = kTakenBack;
        event.transport = row.transport;
        event.code = std::to_string(servers);
        event.detail = "so many servers were asked to delete it";
        tables.events.add(event);
    }
    const auto item = tables.items.by_message(wish->owner, wish->answers);
    if (!item) return true;
    const Catalogue& words = words_of(ledger, wish->owner);
    ledger.say(wish->message.return_path,
               done ? took_back(ledger, words, wish->answers, item->number)
                    : words.say("too_late", {{"item", std::to_string(item->number)}}),
               store::Kind::Answer, Priority::Urgent, wish->owner, wish->answers);
    return true;
}

WireId taken_back_by(store::Tables& tables, const store::DeliveryRow& row,
                     const store::MessageRow& wish) {
    for (const store::DeliveryRow& sent : tables.deliveries.of_message(wish.answers))
        if (sent.recipient == row.recipient && sent.transport == row.transport) return sent.wire_id;
    return {};
}

}  // namespace waypost
