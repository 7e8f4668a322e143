// SPDX-License-Identifier: Apache-2.0
// Delta Chat names nobody in what it encrypts: its session keys are for the key id 0 (RFC 4880
// 5.1), and whoever gets one tries. librnp 0.16 does not try, it looks for the id. So ours is
// written where 0 stands; a session key that is not for us then fails like any wrong one.
#pragma once

#include <string>
#include <string_view>

#include "gateway/base/result.h"

namespace waypost::email::openpgp {

// Changes `message` (binary packets) in place. An Error if it does not begin with session keys
// (tag 1 or 3), if they are malformed, or more than `most`.
Result<void> name_hidden_recipient(std::string& message, std::string_view key_id, int most);

}  // namespace waypost::email::openpgp
