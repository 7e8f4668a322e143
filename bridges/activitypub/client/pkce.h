// SPDX-License-Identifier: Apache-2.0
// Proof key for code exchange (RFC 7636): a code is worth nothing to who does not have the verifier
// that its link was made with. Servers that do not know it pass it over (RFC 6749 3.1, 3.2).
#pragma once

#include <string>
#include <string_view>

#include "gateway/base/random.h"

namespace waypost::activitypub::client {

std::string new_pkce_verifier(Random& random);
bool is_pkce_verifier(std::string_view text);             // section 4.1
std::string pkce_challenge(const std::string& verifier);  // by S256, section 4.2

}  // namespace waypost::activitypub::client
