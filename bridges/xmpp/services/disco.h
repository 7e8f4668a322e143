// SPDX-License-Identifier: Apache-2.0
// Service discovery (XEP-0030): what the domain and the people at it are, and who and what is
// there. Only residents are shown the people.
#pragma once

#include "bridges/xmpp/gate.h"
#include "bridges/xmpp/services/commands.h"
#include "bridges/xmpp/services/request.h"

namespace waypost::xmpp {

Reply disco_info(const Gate& gate, const Commands& commands, const Request& request);
Reply disco_items(const Gate& gate, const Commands& commands, const Request& request);

}  // namespace waypost::xmpp
