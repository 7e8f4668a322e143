// SPDX-License-Identifier: Apache-2.0
// Services of one question and one answer.
#pragma once

#include "bridges/xmpp/gate.h"
#include "bridges/xmpp/services/request.h"

namespace waypost::xmpp {

Reply ping(const Request& request);                           // XEP-0199
Reply version(const Request& request);                        // XEP-0092
Reply entity_time(const Gate& gate, const Request& request);  // XEP-0202
// XEP-0012: since a radio of a person was heard, of the gateway since `began`.
Reply last_activity(const Gate& gate, const Request& request, BoxTime began);
// XEP-0100 4.10: an address of any network, as the JID that it has here.
Reply address_prompt(const Gate& gate, const Request& request);

}  // namespace waypost::xmpp
