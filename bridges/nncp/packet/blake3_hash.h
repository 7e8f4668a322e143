// SPDX-License-Identifier: Apache-2.0
// BLAKE3 by its official C sources, behind our types. Of this room only.
#pragma once

#include <span>
#include <string_view>

#include "blake3.h"
#include "bridges/nncp/packet/ids.h"

namespace waypost::nncp {

// Wiped when it goes: it may hold a key.
class Blake3 {
  public:
    static Blake3 plain();
    static Blake3 keyed(const Hash32& key);
    // `context` may hold NUL bytes.
    static Blake3 derive(std::string_view context);
    ~Blake3();

    Blake3& update(std::span<const std::uint8_t> bytes);
    Blake3& update(std::string_view bytes);
    Hash32 finish() const;
    // Output from byte `at` on, as much as `out` holds.
    void finish(std::uint64_t at, std::span<std::uint8_t> out) const;
    void reset() { blake3_hasher_reset(&hasher_); }  // the key stays

  private:
    Blake3() = default;
    blake3_hasher hasher_;
};

}  // namespace waypost::nncp
