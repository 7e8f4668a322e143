// SPDX-License-Identifier: Apache-2.0
#include "gateway/custody/retract.h"

#include <algorithm>

#include "gateway/custody/language.h"

namespace waypost {
namespace {

constexpr char kTakenBack[] = "its author took it back";
constexpr char kEvent[] = "taken back";

}  // namespace

void retract(Ledger& ledger, const TransportId& transport, MessageId id) {
    auto& tables = ledger.tables();
    const auto message = tables.messages.find(id);
    if (!message || message->message.transport != transport || !message->owner.empty()) return;
    std::string reader;
    for (store::DeliveryRow& row : tables.deliveries.of_message(id)) {
        if (reader.empty()) reader = row.owner;
        if (is_final(row.state)) continue;
        if (row.state == State::Sending) {
            row.expires_ms = ledger.now();  // nothing is tried again
            tables.deliveries.update(row);
            continue;
        }
        ledger.move(row, State::Cancelled, ProofClass::Reported, {}, kTakenBack);
    }
    const Catalogue& words = words_of(ledger, reader);
    std::string file = tables.messages.replace_text(id, words.say("chat_taken_back"));
    if (!file.empty()) ledger.effects().bodies_gone.push_back(std::move(file));
    tables.kept.forget(id);
    ledger.note(id, kEvent, kTakenBack);
}

bool ends_taken_back(Ledger& ledger, store::DeliveryRow& row) {
    if (row.expires_ms > ledger.now()) return false;
    const auto events = ledger.tables().events.of_message(row.message);
    const bool taken = std::any_of(events.begin(), events.end(),
                                   [](const auto& event) { return event.kind == kEvent; });
    if (taken) ledger.move(row, State::Cancelled, ProofClass::Reported, {}, kTakenBack);
    return taken;
}

}  // namespace waypost
