// SPDX-License-Identifier: Apache-2.0
#include "gateway/custody/later_states.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "gateway/custody/group_door.h"

namespace waypost {
namespace {

constexpr int kRemembered = 40;  // letters of one person; what is older comes on ?7

// How far all copies are; nothing while one of them has not left, or failed. What goes to a mailbox
// beside the radio says nothing about the person, and what becomes of a post is not told.
std::optional<State> weakest(Ledger& ledger, MessageId message) {
    std::optional<State> least;
    for (const store::DeliveryRow& row : ledger.tables().deliveries.of_message(message)) {
        if (is_mailbox(row.recipient) || !group_of(ledger.tables(), row).empty()) continue;
        if (row.state < State::Sent || row.state > State::Read) return std::nullopt;
        least = least ? std::min(*least, row.state) : row.state;
    }
    return least;
}

const char* key_of(State state) {
    if (state == State::Read) return "later_read";
    return state == State::Delivered ? "later_delivered" : "later_sent";
}

void add(std::vector<std::pair<State, std::string>>& told, State state, int item) {
    const auto same = std::find_if(told.begin(), told.end(),
                                   [&](const auto& each) { return each.first == state; });
    if (same == told.end()) {
        told.emplace_back(state, std::to_string(item));
    } else {
        same->second += ' ' + std::to_string(item);
    }
}

}  // namespace

void owe_state(Ledger& ledger, const store::DeliveryRow& row) {
    if (!ledger.box().settings->later_states || !group_of(ledger.tables(), row).empty()) return;
    for (const std::string& network : ledger.box().router.ordered_networks())
        ledger.tables().owed.add(row.message, network, ledger.now());
}

std::string with_later_states(Ledger& ledger, const std::string& owner, const Catalogue& words,
                              std::string receipt, MessageId about, std::size_t most,
                              std::vector<MessageId>& told) {
    auto& owed = ledger.tables().owed;
    std::string all = receipt;
    std::vector<std::pair<State, std::string>> states;  // with the numbers of each, "8 7"
    for (const MessageId message : owed.newest(owner, kRemembered)) {
        if (message == about) continue;
        const auto item = ledger.tables().items.by_message(owner, message);
        const auto state = weakest(ledger, message);
        if (item && !state) continue;  // another copy is on its way
        if (item) {
            auto more = states;
            add(more, *state, item->number);
            std::string longer = receipt;
            for (const auto& [which, items] : more)
                longer += ". " + words.say(key_of(which), {{"item", items}});
            if (longer.size() > most) break;
            states = std::move(more);
            all = std::move(longer);
            told.push_back(message);
        }
        owed.erase(owner, message);
    }
    return all;
}

void owe_again(Ledger& ledger, const std::string& network, const std::vector<MessageId>& told) {
    for (const MessageId message : told) ledger.tables().owed.add(message, network, ledger.now());
}

}  // namespace waypost
