// SPDX-License-Identifier: Apache-2.0
#include "bridges/xmpp/gate.h"

#include <stdexcept>

namespace waypost::xmpp {

Gate make_gate(Office& office, const TransportId& transport, const Names& names, StanzaOut& out) {
    PeopleView* const people = office.people();
    if (people == nullptr)
        throw std::runtime_error("XMPP needs the people of the box, and this office has none");
    return {office, *people, office.state(transport), names, out, transport};
}

}  // namespace waypost::xmpp
