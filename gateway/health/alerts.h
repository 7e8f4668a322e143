// SPDX-License-Identifier: Apache-2.0
// Telling operators of the box itself: by the radio that was heard last and by every mail address
// of theirs, in their language, as an automatic message of ordinary priority. What of it cannot be
// delivered ends in silence. In the writer's transaction.
#pragma once

#include <string>
#include <vector>

#include "gateway/commands/catalogue.h"
#include "gateway/custody/ledger.h"
#include "gateway/health/trouble.h"

namespace waypost {

// Who is told, and by what.
struct AlertEnds {
    std::string who;  // a handle, or an address of somebody outside
    std::vector<Address> ends;
    bool by_radio = false;
    bool by_mail = false;
    bool otherwise = false;  // by chat, say
};
std::vector<AlertEnds> alert_ends(store::Tables& tables, const Box& box);

// "meshtastic.roof does not work"; `name_bytes`: most of the name that is shown.
std::string said_trouble(const Catalogue& words, Trouble trouble, const std::string& of, bool grave,
                         std::size_t name_bytes = 120);

// The deliveries that carry it.
std::vector<DeliveryId> tell_operators(Ledger& ledger, const Finding& finding, milliseconds lasted,
                                       bool over);

// Of these, what never left need not leave any more.
void call_back(Ledger& ledger, const std::vector<DeliveryId>& deliveries);

}  // namespace waypost
