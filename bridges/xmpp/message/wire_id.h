// SPDX-License-Identifier: Apache-2.0
// Ids of the stanzas that carry letters. Each names its recipient by a hash, so that a receipt or
// an error is known to come from him although nothing is kept here about what was sent. Pure.
#pragma once

#include <string>

#include "bridges/xmpp/jid.h"
#include "gateway/base/clock.h"
#include "gateway/base/random.h"

namespace waypost::xmpp {

// Begins with the time in seconds, so that the index of wire ids grows at its end; then 96 bits
// that nobody can guess, and 32 of who gets it.
std::string new_wire_id(const Jid& to, WallTime now, Random& random);
// It was made for him, whatever his resource.
bool is_wire_id_for(const std::string& id, const Jid& to);

}  // namespace waypost::xmpp
