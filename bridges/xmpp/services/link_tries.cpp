// SPDX-License-Identifier: Apache-2.0
#include "bridges/xmpp/services/link_tries.h"

namespace waypost::xmpp {

bool LinkTries::may_try(const Gate& gate, const Asker& asker) {
    const BoxTime now = gate.office.clock().box();
    return of_domain_.may_ask(asker.jid.domain(), now) &&
           (asker.resident() || of_strangers_.may_ask("all", now));
}

}  // namespace waypost::xmpp
