// SPDX-License-Identifier: Apache-2.0
// Where the store lies, and putting a backup in its place.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "gateway/base/result.h"
#include "gateway/config/config.h"

namespace waypost {

std::string store_file(const Config& config);
// Bytes of its disk that stay free.
std::uint64_t keep_free(const Config& config);

// A hub's, which lies in PostgreSQL and is restored by its means; else what is asked is refused
// with this.
std::optional<Error> not_of_a_hub(const Config& config);

// Puts a backup in the place of the store, which must not be running. What was waiting is held for
// a word of the operator: it may have been delivered since. The number of deliveries held.
Result<std::size_t> restore_backup(const Config& config, const std::string& folder);

}  // namespace waypost
