// SPDX-License-Identifier: Apache-2.0
// What this network is called, and the scheme of its addresses (RFC 7565).
#pragma once

namespace waypost::activitypub {

inline constexpr char kNetwork[] = "activitypub";
inline constexpr char kScheme[] = "acct";

}  // namespace waypost::activitypub
