// SPDX-License-Identifier: Apache-2.0
#include "gateway/custody/met_neighbours.h"

#include <map>
#include <set>
#include <sstream>

#include "gateway/custody/compose.h"
#include "gateway/custody/neighbour_mail.h"
#include "gateway/custody/outside.h"

namespace waypost {
namespace {

constexpr char kMet[] = "met";  // state: owner -> names of neighbours, space between

bool is_ours(const std::string& owner) {
    return !owner.empty() && owner != "-" && owner.front() != '#';
}

bool names(const std::string& list, const std::string& neighbour) {
    return (' ' + list + ' ').find(' ' + neighbour + ' ') != std::string::npos;
}

// His handle, and each radio of his, that may have written before it had his name.
std::vector<std::string> owners_of(store::Tables& tables, const std::string& handle) {
    std::vector<std::string> owners{handle};
    for (const store::EndpointRow& row : tables.people.endpoints()) {
        if (row.person == handle) owners.push_back(row.address.uri());
    }
    return owners;
}

class Met {
  public:
    Met(Ledger& ledger, const std::string& owner)
        : tables_(ledger.tables()), all_(ledger.box().neighbours), owner_(owner) {}

    // What was noted, and for people of before it was: his book, and what he wrote and got.
    std::set<std::string> run() {
        std::istringstream noted(tables_.state.get(kMet, owner_).value_or(""));
        for (std::string name; noted >> name;) names_.insert(name);
        for (const store::ContactRow& contact : tables_.people.contacts(owner_)) {
            if (contact.state == store::ContactState::Known) add(contact.address);
        }
        for (const MessageId id : tables_.messages.of_owner(owner_)) {
            for (const auto& row : tables_.deliveries.of_message(id)) add(row.recipient);
        }
        for (const MessageId id : tables_.deliveries.messages_of(owner_)) add_sender(id);
        return std::move(names_);
    }

  private:
    void add(const Address& address) {
        const Neighbour* speaker = all_.speaker(address);
        if (speaker != nullptr) names_.insert(speaker->name);
    }
    void add_sender(MessageId id) {
        const auto row = tables_.messages.find(id);
        if (row && row->owner.empty() && row->message.verified_sender) add(row->message.from);
    }

    store::Tables& tables_;
    const Neighbours& all_;
    const std::string& owner_;
    std::set<std::string> names_;
};

}  // namespace

void note_met(store::Tables& tables, const std::string& owner, const std::string& neighbour) {
    if (!is_ours(owner)) return;
    const std::string known = tables.state.get(kMet, owner).value_or("");
    if (names(known, neighbour)) return;
    tables.state.put(kMet, owner, known.empty() ? neighbour : known + ' ' + neighbour);
}

void forget_met(store::Tables& tables, const std::string& owner) {
    tables.state.erase(kMet, owner);
}

ToldNeighbours tell_to_forget(Ledger& ledger, const std::string& handle) {
    const Box& box = ledger.box();
    std::map<std::string, std::string> addresses;  // by neighbour, a line each
    for (const std::string& owner : owners_of(ledger.tables(), handle)) {
        for (const std::string& name : Met(ledger, owner).run())
            addresses[name] += outside_address(box, owner).value + '\n';
        forget_met(ledger.tables(), owner);
    }
    ToldNeighbours result;
    for (const auto& [name, lines] : addresses) {
        const Neighbour* neighbour = box.neighbours.named(name);
        const Address to =
            neighbour == nullptr ? Address{} : mailto(kForgetName, neighbour->domains.front());
        const bool can =
            neighbour != nullptr && neighbour->tell_forget && !box.router.network_of(to).empty();
        if (!can) {
            result.all = false;
            continue;
        }
        store::MessageRow mail;
        mail.message.subject = "forget";
        mail.message.text = lines;
        write_outside(ledger, mail, to);
        ++result.told;
    }
    return result;
}

bool tells_to_forget(const Box& box, const store::DeliveryRow& row) {
    return row.owner == "-" && row.recipient.scheme == "mailto" &&
           row.recipient.local_part() == kForgetName &&
           box.neighbours.speaker(row.recipient) != nullptr;
}

void end_telling(Ledger& ledger, const store::DeliveryRow& row) {
    const Neighbour* neighbour = ledger.box().neighbours.speaker(row.recipient);
    ledger.tables().messages.forget(row.message);
    if (row.state == State::Sent || row.state == State::Delivered || neighbour == nullptr) return;
    note_problem(ledger.tables(), ledger.now(), neighbour->name,
                 "did not take the word to forget somebody: " +
                     (row.code.empty() ? std::string(to_string(row.state)) : row.code));
}

}  // namespace waypost
