// SPDX-License-Identifier: Apache-2.0
// What the parts of the component share: presence, services, rooms, letters in and out. Each part
// is handed stanzas on the stream's thread, and answers by StanzaOut; none of them opens a socket,
// so that a test feeds stanzas in and reads what came out.
#pragma once

#include "bridges/xmpp/names.h"
#include "bridges/xmpp/stream/element.h"
#include "gateway/people_view.h"
#include "gateway/transport.h"

namespace waypost::xmpp {

// Takes what may be lost with the stream: presence, IQs, errors, marks. Any thread, never blocks.
class StanzaOut {
  public:
    virtual ~StanzaOut() = default;
    virtual void send(Element stanza) = 0;
};

// All of it outlives the parts.
struct Gate {
    Office& office;
    PeopleView& people;
    TransportState& state;  // keys begin with the name of their part: "roster/..."
    const Names& names;
    StanzaOut& out;
    TransportId transport;
};

// Throws std::runtime_error where the office has no people.
Gate make_gate(Office& office, const TransportId& transport, const Names& names, StanzaOut& out);

}  // namespace waypost::xmpp
