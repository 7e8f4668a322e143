// SPDX-License-Identifier: Apache-2.0
// In place of strophe_stream.cpp where libstrophe is left out (WAYPOST_XMPP_ACCOUNT=OFF).
#include <stdexcept>

#include "bridges/xmpp/account/account_stream.h"

namespace waypost::xmpp {

std::unique_ptr<AccountStream> new_account_stream(AccountOptions, AccountOwner&, const Clock&,
                                                  Random&) {
    throw std::runtime_error("this Waypost was built without libstrophe: no XMPP accounts");
}

bool has_account_streams() { return false; }

}  // namespace waypost::xmpp
