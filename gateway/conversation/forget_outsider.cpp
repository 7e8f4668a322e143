// SPDX-License-Identifier: Apache-2.0
#include "gateway/conversation/forget_outsider.h"

#include <algorithm>
#include <set>
#include <sstream>

#include "gateway/base/log.h"
#include "gateway/conversation/talk.h"
#include "gateway/custody/forgetting.h"
#include "gateway/custody/intake.h"
#include "gateway/custody/neighbour_mail.h"
#include "gateway/message/text.h"

namespace waypost {
namespace {

constexpr std::size_t kMostHeld = 500;      // of one mail: the writer has others to serve
constexpr std::size_t kMostAddresses = 20;  // of one person: his name and his radios'

std::vector<Address> named_in(const Message& message, const Neighbour& neighbour) {
    std::vector<Address> all;
    std::istringstream lines(message.text);
    for (std::string line; all.size() < kMostAddresses && std::getline(lines, line);) {
        const auto address = parse_address("mailto:" + squeeze(line));
        if (!address.ok()) continue;
        const auto& its = neighbour.domains;
        const bool known = std::find(all.begin(), all.end(), *address) != all.end();
        if (!known && std::find(its.begin(), its.end(), address->domain()) != its.end())
            all.push_back(*address);
    }
    return all;
}

// What is held from him, unread, is nobody's yet.
std::size_t drop_held(Ledger& ledger, const Address& who, std::size_t most) {
    auto& tables = ledger.tables();
    auto held = tables.held.from_to_anybody(who.uri());
    held.resize(std::min(held.size(), most));
    for (const DeliveryId id : held) {
        auto row = tables.deliveries.find(id);
        if (!row) continue;
        ledger.move(*row, State::Cancelled, ProofClass::Observed, {}, "its sender is forgotten");
        tables.items.set_done(row->owner, row->item, ledger.now());
        const auto copies = tables.deliveries.of_message(row->message);
        const bool others = std::any_of(copies.begin(), copies.end(), [](const auto& copy) {
            return copy.state != State::Cancelled;
        });
        if (others) continue;
        std::string file = tables.messages.forget(row->message);
        if (!file.empty()) ledger.effects().bodies_gone.push_back(std::move(file));
        forget_rest(tables, row->message);
    }
    return held.size();
}

// Each radio's once, whatever the number of addresses: there may be thousands of radios.
void leave_talks(store::Tables& tables, const std::vector<Address>& all) {
    std::set<std::string> uris;
    for (const Address& who : all) uris.insert(who.uri());
    const auto gone = [&](const std::string& uri) { return uris.count(uri) > 0; };
    for (const store::EndpointRow& endpoint : tables.people.endpoints()) {
        Talk talk = load_talk(tables, endpoint.address);
        const bool offered = std::erase_if(talk.choices, gone) > 0;
        if (!gone(talk.with) && !offered) continue;
        if (gone(talk.with)) talk.with.clear();
        if (offered) talk.choices.clear();  // their numbers mean others now
        save_talk(tables, endpoint.address, talk);
    }
}

void leave_check_ins(store::Tables& tables, const Address& who) {
    for (store::CheckInRow& row : tables.check_ins.list()) {
        if (std::erase(row.contacts, who) > 0) tables.check_ins.put(row);
    }
}

// Today's counts of his stay, or a neighbour would end his limits by a word; they go with the day.
std::size_t forget(Ledger& ledger, const Address& who, std::size_t most_held) {
    auto& tables = ledger.tables();
    tables.people.forget_contact(who.uri());
    tables.groups.forget_member(who);
    tables.posts.forget_waiting(who);
    leave_check_ins(tables, who);
    return drop_held(ledger, who, most_held);
}

// The box itself, as write_outside signs; a letter of one of its people has their name.
bool is_from_the_box(const Message& message) {
    return message.automatic && lower_ascii(message.from.local_part()) == "postmaster";
}

}  // namespace

Verdict forget_outsider(Ledger& ledger, const Message& message) {
    const Box& box = ledger.box();
    const Neighbour* neighbour =
        message.verified_sender ? box.neighbours.speaker(message.from) : nullptr;
    if (neighbour == nullptr || !is_from_the_box(message))
        return for_neighbours_only(Route::Kind::Forget);
    if (const auto full = brings_too_much(ledger, neighbour->name, Brought::Forgets)) return *full;
    count_brought(ledger, neighbour->name, Brought::Forgets);
    const auto all = named_in(message, *neighbour);
    std::size_t left = kMostHeld;
    for (const Address& who : all) left -= forget(ledger, who, left);
    if (!all.empty()) leave_talks(ledger.tables(), all);
    log(Level::Info, "neighbours", "forget",
        {{"from", neighbour->name}, {"addresses", std::to_string(all.size())}});
    return {Verdict::Kind::Accepted, Verdict::Reason::None, {}, 0};
}

}  // namespace waypost
