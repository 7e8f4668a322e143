// SPDX-License-Identifier: Apache-2.0
#include "gateway/delivery/desk_stolen.h"

#include "gateway/peer_keys.h"

namespace waypost {
namespace {

PeerPrints prints_of(GatewayOffice& office) {
    PeerPrints all;
    for (const auto& transport : office.transports().all()) {
        const auto* keys = dynamic_cast<const HasPeerKeys*>(transport.get());
        if (keys != nullptr) all.merge(keys->peer_keys());
    }
    return all;
}

}  // namespace

Result<std::size_t> say_stolen(GatewayOffice& office, const std::string& neighbour,
                               const std::string& by) {
    const PeerPrints prints = prints_of(office);
    return office.decide<std::size_t>(
        [&](Ledger& ledger) { return tell_stolen(ledger, neighbour, by, prints); });
}

Result<std::size_t> say_paired_anew(GatewayOffice& office, const std::string& neighbour) {
    const PeerPrints prints = prints_of(office);
    return office.decide<std::size_t>(
        [&](Ledger& ledger) { return tell_paired_anew(ledger, neighbour, prints); });
}

}  // namespace waypost
