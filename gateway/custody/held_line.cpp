// SPDX-License-Identifier: Apache-2.0
#include "gateway/custody/held_line.h"

#include <algorithm>

#include "gateway/commands/catalogue.h"
#include "gateway/custody/compose.h"
#include "gateway/custody/fair_share.h"
#include "gateway/custody/held.h"
#include "gateway/custody/language.h"
#include "gateway/custody/quiet_hours.h"
#include "gateway/custody/receipts.h"
#include "gateway/custody/wording.h"
#include "gateway/message/text.h"

namespace waypost {
namespace {

constexpr char kTold[] = "announced";     // use: lines of a day
constexpr std::size_t kSenderBytes = 40;  // an address as it is shown
constexpr std::size_t kWhoBytes = 16;

struct Sender {
    Address address;
    int item = 0;
};

// In the order in which they wrote first.
std::vector<Sender> senders_of(const std::vector<store::HeldRow>& rows) {
    std::vector<Sender> senders;
    for (const store::HeldRow& row : rows) {
        const auto address = parse_address(row.from);
        if (!address.ok()) continue;
        const bool known = std::any_of(senders.begin(), senders.end(),
                                       [&](const Sender& s) { return s.address == *address; });
        if (!known) senders.push_back({*address, row.item});
    }
    return senders;
}

// His nickname, else the whole address: who decides by a name that a stranger gives himself decides
// blindly.
std::string shown(Ledger& ledger, const std::string& owner, const Address& address) {
    const auto contact = ledger.tables().people.contact(owner, address);
    return one_line(contact && !contact->nick.empty() ? contact->nick : address.value,
                    kSenderBytes);
}

// "bob@x.org, eva@y.org +3": as many as have room, the first in any case.
std::string names_of(Ledger& ledger, const std::string& owner, const std::vector<Sender>& senders,
                     std::size_t room) {
    std::string names;
    for (std::size_t i = 0; i < senders.size(); ++i) {
        const std::size_t left = senders.size() - i - 1;
        const std::string more = left > 0 ? " +" + std::to_string(left) : std::string();
        std::string name = shown(ledger, owner, senders[i].address);
        if (names.empty()) {
            name = one_line(name, std::max(room, kWhoBytes) - std::min(room, more.size()));
        } else if (names.size() + 2 + name.size() + more.size() > room) {
            return names + " +" + std::to_string(left + 1);
        }
        names += (names.empty() ? "" : ", ") + name;
    }
    return names;
}

std::string line_for(Ledger& ledger, const std::string& owner, std::size_t count,
                     const std::vector<Sender>& senders) {
    const Catalogue& words = words_of(ledger, owner);
    const Sender& first = senders.front();
    const std::string item = std::to_string(first.item);
    if (count == 1)
        return words.say("held_note",
                         {{"who", shown(ledger, owner, first.address)}, {"item", item}});
    const std::string who =
        one_line(short_name(ledger.tables(), ledger.box(), owner, first.address, {}), kWhoBytes);
    const auto with = [&](const std::string& names) {
        return words.say(
            "held_notes",
            {{"count", std::to_string(count)}, {"names", names}, {"who", who}, {"item", item}});
    };
    return with(names_of(ledger, owner, senders, room_in_line(with)));
}

// Paused, a child, without a radio, asleep, or told today: not now.
bool may_hear(Ledger& ledger, const std::string& owner, const Address& endpoint) {
    if (endpoint.empty() || is_mailbox(endpoint)) return false;
    const Box& box = ledger.box();
    const auto people = box.directory.get();
    if (const Person* person = people->find(owner)) {
        if (person->row.paused || person->row.minor || !person->row.approved) return false;
    }
    if (ledger.tables().state.used(owner, box.day(), kTold) > 0) return false;
    const auto hours = quiet_of(box, owner);
    return !hours || !quiet_end(*hours, wall_from_ms(ledger.now()));
}

}  // namespace

void tell_what_waits(Ledger& ledger, const std::string& owner) {
    auto& tables = ledger.tables();
    const Box& box = ledger.box();
    const Address endpoint = endpoint_of(box, owner);
    if (!may_hear(ledger, owner, endpoint)) return;
    const auto rows = tables.held.not_told(owner, kMostUnasked);
    const auto senders = senders_of(rows);
    // What would be too much for the channel is told later.
    if (senders.empty() || !within_outside_share(ledger, box.router.network_of(endpoint))) return;
    tables.state.use(owner, box.day(), kTold);
    ledger.say(endpoint, line_for(ledger, owner, rows.size(), senders), store::Kind::Notice,
               Priority::Normal, owner, rows.front().message);
    tables.held.set_told(owner);
}

std::string tell_what_waits_to_all(Ledger& ledger, std::string after, int most) {
    for (int i = 0; i < most; ++i) {
        const auto owner = ledger.tables().held.next_not_told(after);
        if (!owner) return {};
        tell_what_waits(ledger, *owner);
        after = *owner;
    }
    return after;
}

}  // namespace waypost
