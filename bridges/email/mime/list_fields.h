// SPDX-License-Identifier: Apache-2.0
// What a mail of a group says of it: List-Id (RFC 2919), List-Post, List-Help and List-Unsubscribe
// (RFC 2369), Precedence, and in X-Loop the lists that it has passed, this one last.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "gateway/message/delivery.h"

namespace waypost::email {

// Names and values, in the order in which they stand; nothing from outside can add another.
std::vector<std::pair<std::string, std::string>> list_fields(const ListPost& list);

}  // namespace waypost::email
