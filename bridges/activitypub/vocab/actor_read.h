// SPDX-License-Identifier: Apache-2.0
// Inside vocab/ only.
#pragma once

#include <string_view>

namespace waypost::activitypub {

bool is_actor_type(std::string_view type);  // ActivityStreams 2.0 vocabulary, section 3.2

}  // namespace waypost::activitypub
