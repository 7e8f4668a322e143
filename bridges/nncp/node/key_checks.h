// SPDX-License-Identifier: Apache-2.0
// Whether ids and keys belong together. nncp does not ask. Pure.
#pragma once

#include <string>

#include "bridges/nncp/node/node_config.h"

namespace waypost::nncp {

Hash32 hash_of_key(const Hash32& public_key);  // BLAKE2b, 32 bytes: how ids are made

// What is wrong, for a person; empty: nothing.
std::string contradiction(const OwnKeys& keys);
std::string contradiction(const Node& node);
std::string contradiction(const Area& area);

}  // namespace waypost::nncp
