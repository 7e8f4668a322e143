// SPDX-License-Identifier: Apache-2.0
#include "bridges/nncp/packet/blake3_hash.h"

#include <sodium.h>

namespace waypost::nncp {

Blake3 Blake3::plain() {
    Blake3 made;
    blake3_hasher_init(&made.hasher_);
    return made;
}

Blake3 Blake3::keyed(const Hash32& key) {
    Blake3 made;
    blake3_hasher_init_keyed(&made.hasher_, key.data());
    return made;
}

Blake3 Blake3::derive(std::string_view context) {
    Blake3 made;
    blake3_hasher_init_derive_key_raw(&made.hasher_, context.data(), context.size());
    return made;
}

Blake3::~Blake3() { sodium_memzero(&hasher_, sizeof hasher_); }

Blake3& Blake3::update(std::span<const std::uint8_t> bytes) {
    blake3_hasher_update(&hasher_, bytes.data(), bytes.size());
    return *this;
}

Blake3& Blake3::update(std::string_view bytes) {
    blake3_hasher_update(&hasher_, bytes.data(), bytes.size());
    return *this;
}

Hash32 Blake3::finish() const {
    Hash32 out;
    blake3_hasher_finalize(&hasher_, out.data(), out.size());
    return out;
}

void Blake3::finish(std::uint64_t at, std::span<std::uint8_t> out) const {
    blake3_hasher_finalize_seek(&hasher_, at, out.data(), out.size());
}

}  // namespace waypost::nncp
