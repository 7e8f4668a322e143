// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace waypost::email {

// Adds the ids in a header's value (RFC 5322 3.6.4: Message-ID, In-Reply-To, References), each with
// its <>, once, while there are fewer than `most`. Endless ones are passed over.
void add_message_ids(const std::string& value, bool newest_last, std::size_t most,
                     std::vector<std::string>& ids);

}  // namespace waypost::email
