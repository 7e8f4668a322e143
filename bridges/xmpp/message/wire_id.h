// SPDX-License-Identifier: Apache-2.0
// Ids of the stanzas that carry letters. Each names its recipient by a hash, so that a receipt or
// an error is known to come from him although nothing is kept here about what was sent. Pure.
#pragma once

#include <string>

#include "bridges/xmpp/jid.h"
#include "gateway/base/random.h"

namespace waypost::xmpp {

// 96 bits that nobody can guess, then 32 of who gets it.
std::string new_wire_id(const Jid& to, Random& random);
// It was made for him, whatever his resource.
bool is_wire_id_for(const std::string& id, const Jid& to);

}  // namespace waypost::xmpp
