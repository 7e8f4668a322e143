// SPDX-License-Identifier: Apache-2.0
// "#nobridge" in a profile: its owner wants no messages from other networks. Pure; any thread.
#pragma once

#include <string_view>

namespace waypost::activitypub {

bool has_no_bridge(std::string_view text);  // "#NoBridge", and not "#nobridges"
bool html_has_no_bridge(std::string_view html);

}  // namespace waypost::activitypub
