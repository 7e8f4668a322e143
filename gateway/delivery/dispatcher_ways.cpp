// SPDX-License-Identifier: Apache-2.0
// By which instance a delivery goes.
#include <algorithm>

#include "gateway/delivery/dispatcher.h"
#include "gateway/people/directory.h"

namespace waypost {
namespace {

// After a start the instances come up one after the other: a device may take so long.
constexpr std::chrono::seconds kOpening{30};
constexpr int kBegan = 1000;  // reach of the one by which it began to leave, before all others

}  // namespace

std::shared_ptr<Transport> Dispatcher::choose(const store::DeliveryRow& row, Address& endpoint,
                                              bool up) const {
    std::vector<Address> ends{row.recipient};
    const auto people = box_.directory.get();
    if (row.recipient.scheme == "person") {
        const Person* person = people->find(row.recipient.value);
        ends = person ? person->endpoints : std::vector<Address>{};
        // What goes to his mailbox is a delivery of its own, where this network has another way.
        const bool another = std::any_of(ends.begin(), ends.end(), [&](const Address& end) {
            return !is_mailbox(end) && box_.router.network_of(end) == row.network;
        });
        if (another) std::erase_if(ends, is_mailbox);
    }
    // Of what goes outside the owner is who wrote it; of what comes to a person, who gets it.
    const std::string sender = row.recipient.scheme == "person" ? std::string() : row.owner;
    const bool starts = up && box_.clock.box() - began_ < kOpening;
    std::shared_ptr<Transport> best;
    int best_reach = -1;
    int opening = -1;  // the reach of one that is down, and heard him last or began it
    for (const auto& transport : transports_.of_network(row.network)) {
        const bool other = transport->up() != up;
        if (other && !starts) continue;
        for (const Address& end : ends) {
            if (end.scheme != transport->scheme()) continue;
            // Who holds the new key may not be the person: until it is confirmed he gets alarms,
            // and what is said to him as a stranger.
            const store::EndpointRow* known = people->endpoint(end);
            const bool doubtful = known != nullptr && !known->new_key.empty();
            if (doubtful && row.priority != Priority::Alarm && row.owner != end.uri()) continue;
            if (known != nullptr && known->suspended && row.owner != end.uri()) continue;
            const auto reaches = transport->reach_from(sender, end);
            if (!reaches) continue;
            // Of equals, above all after a restart, the one that heard it last.
            const bool heard_it = known != nullptr && known->transport == transport->id();
            // By another one it would be a second copy.
            const bool began = row.resume && row.transport == transport->id();
            const int reach = 2 * *reaches + (heard_it ? 1 : 0) + (began ? kBegan : 0);
            if (other && (heard_it || began)) opening = std::max(opening, reach);
            if (other || reach <= best_reach) continue;
            best_reach = reach;
            best = transport;
            endpoint = end;
        }
    }
    // Another radio, which never heard him, would call in vain and for long.
    return opening > best_reach ? nullptr : best;
}

// Nobody else knows what is taken back.
std::shared_ptr<Transport> Dispatcher::left_by(const store::DeliveryRow& row) const {
    auto transport = transports_.find(row.transport);
    const bool can = transport && transport->up() && transport->limits().takes_back;
    return can ? transport : nullptr;
}

}  // namespace waypost
