// SPDX-License-Identifier: Apache-2.0
// What presence says of somebody who is read on a radio: when it was last heard, never that he
// reads. Pure.
#pragma once

#include <string>

#include "bridges/xmpp/jid.h"
#include "bridges/xmpp/stream/element.h"
#include "gateway/base/clock.h"
#include "gateway/commands/catalogue.h"
#include "gateway/people_view.h"

namespace waypost::xmpp {

struct Availability {
    bool available = false;
    std::string show;  // RFC 6121 4.7.2.1: empty, "away", "xa"
    std::string status;
    std::int64_t idle_since = 0;  // Unix seconds; 0: not said
    std::string avatar_of;        // whose name it is made of; empty: none

    // What it makes of a contact in a list, without the status: worth telling sooner.
    std::string rough() const { return (available ? "+" : "-") + show; }
    std::string whole() const { return rough() + '\n' + status; }
};

// Heard in the last half hour: here; in the last day: away; longer ago, or not yet: xa. Who has no
// radio is not there.
Availability availability_of(const Resident& resident, const Catalogue& words, WallTime now);
// The post office itself, which is there while this is said.
Availability always_there(const std::string& village);

Element presence_of(const Availability& availability, const Jid& from, const Jid& to);

}  // namespace waypost::xmpp
