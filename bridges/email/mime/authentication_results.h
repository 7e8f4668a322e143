// SPDX-License-Identifier: Apache-2.0
// What a server that we trust found out about the sender (Authentication-Results, RFC 8601).
#pragma once

#include <string>
#include <vector>

namespace waypost::email {

// `values`: the header's values, topmost first. Only the topmost counts, and only if `authserv_id`
// is who wrote it: all below may be forged. An empty id believes nobody.
bool dmarc_passed(const std::vector<std::string>& values, const std::string& authserv_id);

}  // namespace waypost::email
