// SPDX-License-Identifier: Apache-2.0
#include "gateway/custody/stolen.h"

#include <algorithm>
#include <charconv>

#include "gateway/base/log.h"
#include "gateway/custody/neighbour_mail.h"

namespace waypost {
namespace {

// Owners of state are handles, addresses and transports: none is called so.
constexpr char kStolen[] = "stolen-boxes";   // by neighbour: "TIME WHO"
constexpr char kRevoked[] = "revoked-keys";  // by print: whose it was
constexpr int kPage = 500;

const Neighbour* recipient_box(const Box& box, const store::DeliveryRow& row) {
    return box.neighbours.empty() ? nullptr : box.neighbours.speaker(row.recipient);
}

Error not_a_neighbour(const Box& box, const std::string& name) {
    std::string known;
    for (const Neighbour& each : box.neighbours.all())
        known += (known.empty() ? "there are " : ", ") + each.name;
    return {Code::NotFound,
            "no neighbour " + name + "; " + (known.empty() ? "there is none" : known), false};
}

// What may still be held: it is neither over nor with a transport, whose attempt ends first.
bool waits(State state) {
    return state == State::Ready || state == State::Deferred || state == State::Queued;
}

template <class Work>
std::size_t each_for(Ledger& ledger, const Neighbour& neighbour, const Work& work) {
    std::size_t done = 0;
    DeliveryId after = 0;
    for (;;) {
        const auto page = ledger.tables().deliveries.unfinished(after, kPage);
        for (store::DeliveryRow row : page) {
            after = row.id;
            if (recipient_box(ledger.box(), row) == &neighbour && work(row)) ++done;
        }
        if (page.size() < static_cast<std::size_t>(kPage)) return done;
    }
}

}  // namespace

std::string stolen_words(const std::string& neighbour) {
    return "the box of " + neighbour + " was stolen: pair it anew first";
}

std::optional<StolenBox> stolen_box(store::Tables& tables, const std::string& neighbour) {
    const auto row = tables.state.get(kStolen, neighbour);
    if (!row || row->empty()) return std::nullopt;
    StolenBox stolen;
    const std::size_t space = std::min(row->find(' '), row->size());
    std::from_chars(row->data(), row->data() + space, stolen.at_ms);
    if (space < row->size()) stolen.by = row->substr(space + 1);
    return stolen;
}

std::optional<Verdict> from_stolen(Ledger& ledger, const Message& message) {
    const Box& box = ledger.box();
    if (box.neighbours.empty()) return std::nullopt;
    const Neighbour* at = box.neighbours.at(message.peer);
    const Neighbour* speaker = box.neighbours.speaker(message.from);
    for (const Neighbour* each : {at, speaker}) {
        if (each == nullptr || !stolen_box(ledger.tables(), each->name)) continue;
        const std::string text = stolen_words(each->name);
        note_problem(ledger.tables(), ledger.now(), each->name,
                     "refused what came from it: its box was stolen");
        return Verdict{Verdict::Kind::Refused, Verdict::Reason::NotAllowed, text, 0};
    }
    return std::nullopt;
}

bool hold_for_stolen(Ledger& ledger, store::DeliveryRow& row) {
    const Neighbour* neighbour = recipient_box(ledger.box(), row);
    if (neighbour == nullptr || !stolen_box(ledger.tables(), neighbour->name)) return false;
    ledger.move(row, State::Held, ProofClass::Observed, kStolenCode, stolen_words(neighbour->name));
    return true;
}

Result<std::size_t> tell_stolen(Ledger& ledger, const std::string& neighbour, const std::string& by,
                                const PeerPrints& prints) {
    const Box& box = ledger.box();
    auto& tables = ledger.tables();
    const Neighbour* who = box.neighbours.named(neighbour);
    if (who == nullptr) return not_a_neighbour(box, neighbour);
    for (const std::string& key : who->keys) {
        const auto print = prints.find(key);
        if (print != prints.end()) tables.state.put(kRevoked, print->second, key);
    }
    if (!stolen_box(tables, neighbour))
        tables.state.put(kStolen, neighbour, std::to_string(ledger.now()) + ' ' + by);
    const std::size_t held = each_for(ledger, *who, [&](store::DeliveryRow& row) {
        return waits(row.state) && hold_for_stolen(ledger, row);
    });
    note_problem(tables, ledger.now(), neighbour, "its box was stolen, says " + by);
    log(Level::Warning, "neighbours", "stolen",
        {{"neighbour", neighbour}, {"by", by}, {"held", std::to_string(held)}});
    return held;
}

Result<std::size_t> tell_paired_anew(Ledger& ledger, const std::string& neighbour,
                                     const PeerPrints& prints) {
    auto& tables = ledger.tables();
    const Neighbour* who = ledger.box().neighbours.named(neighbour);
    if (who == nullptr) return not_a_neighbour(ledger.box(), neighbour);
    if (!stolen_box(tables, neighbour))
        return Error{Code::Conflict, "nobody said that the box of " + neighbour + " was stolen",
                     false};
    const auto revoked = revoked_keys(tables);
    for (const std::string& key : who->keys) {
        const auto print = prints.find(key);
        if (print != prints.end() && revoked.count(print->second) == 0) continue;
        return Error{Code::Conflict,
                     key +
                         (print == prints.end() ? " has no key here yet"
                                                : " still has the key of the stolen box") +
                         ": pair it anew (doc/neighbours.md), then say it again",
                     false};
    }
    tables.state.erase(kStolen, neighbour);
    const std::size_t released = each_for(ledger, *who, [&](store::DeliveryRow& row) {
        if (row.state != State::Held || row.code != kStolenCode) return false;
        ledger.move(row, State::Ready, ProofClass::Observed, {}, "the neighbour is paired anew");
        return true;
    });
    note_problem(tables, ledger.now(), neighbour, "paired anew after its box was stolen");
    log(Level::Info, "neighbours", "paired-anew",
        {{"neighbour", neighbour}, {"released", std::to_string(released)}});
    return released;
}

std::set<std::string> revoked_keys(store::Tables& tables) {
    std::set<std::string> prints;
    for (const auto& [print, key] : tables.state.with_prefix(kRevoked, {})) prints.insert(print);
    return prints;
}

}  // namespace waypost
