// SPDX-License-Identifier: Apache-2.0
#include "gateway/custody/later_states.h"

#include <algorithm>
#include <optional>

namespace waypost {
namespace {

constexpr int kRemembered = 20;  // letters of one person; what is older comes on ?7

// How far all copies are; nothing while one of them has not left, or failed. What goes to a mailbox
// beside the radio says nothing about the person.
std::optional<State> weakest(Ledger& ledger, MessageId message) {
    std::optional<State> least;
    for (const store::DeliveryRow& row : ledger.tables().deliveries.of_message(message)) {
        if (is_mailbox(row.recipient)) continue;
        if (row.state < State::Sent || row.state > State::Read) return std::nullopt;
        least = least ? std::min(*least, row.state) : row.state;
    }
    return least;
}

const char* key_of(State state) {
    if (state == State::Read) return "later_read";
    return state == State::Delivered ? "later_delivered" : "later_sent";
}

}  // namespace

void owe_state(Ledger& ledger, const store::DeliveryRow& row) {
    if (!ledger.box().settings.later_states) return;
    for (const std::string& network : ledger.box().router.ordered_networks())
        ledger.tables().owed.add(row.message, network, ledger.now());
}

std::string with_later_states(Ledger& ledger, const std::string& owner, const Catalogue& words,
                              std::string receipt, MessageId about, std::size_t most) {
    auto& owed = ledger.tables().owed;
    for (const MessageId message : owed.newest(owner, kRemembered)) {
        if (message == about) continue;
        const auto item = ledger.tables().items.by_message(owner, message);
        const auto state = weakest(ledger, message);
        if (item && !state) continue;  // another copy is on its way
        if (item) {
            const std::string told =
                ". " + words.say(key_of(*state), {{"item", std::to_string(item->number)}});
            if (receipt.size() + told.size() > most) break;
            receipt += told;
        }
        owed.erase(owner, message);
    }
    return receipt;
}

}  // namespace waypost
