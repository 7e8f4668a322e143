// SPDX-License-Identifier: Apache-2.0
// Which machines take mail for a domain (RFC 5321 5.1, RFC 7505).
#pragma once

#include <set>
#include <string>
#include <vector>

#include "bridges/email/direct/resolver.h"
#include "gateway/base/random.h"

namespace waypost::email {

// At most this many hosts of a domain are tried for one mail.
constexpr std::size_t kMostHosts = 8;

// The hosts in the order in which to try them: by preference, equal ones in an order of chance. If
// one of `own_names` (lower case) is among them, only those it prefers to itself. Without records
// the domain is its own host. Error without retry: never, said in words for the sender; NotFound:
// there is no such domain; Refused: it takes no mail; Conflict: it leads back to us.
Result<std::vector<std::string>> hosts_in_order(const std::string& domain,
                                                std::vector<MxRecord> records,
                                                const std::set<std::string>& own_names,
                                                Random& random);

// The same, asking the DNS. That a domain does not exist is believed only of a name server that
// knows the domain's TLD or the root at the same moment: a router without uplink or a captive
// portal says so of every name. Else it is an Error with retry.
Result<std::vector<std::string>> mail_hosts(Dns& dns, const std::string& domain,
                                            const std::set<std::string>& own_names, Random& random);

}  // namespace waypost::email
