// SPDX-License-Identifier: Apache-2.0
// Cards of people and of the gateway: vcard-temp (XEP-0054, XEP-0153) and vCard4 (XEP-0292).
#pragma once

#include "bridges/xmpp/gate.h"
#include "bridges/xmpp/services/request.h"

namespace waypost::xmpp {

Reply vcard_temp(const Gate& gate, const Request& request);
Reply vcard4(const Gate& gate, const Request& request);

}  // namespace waypost::xmpp
