// SPDX-License-Identifier: Apache-2.0
// Large files in pieces: NAME.nncp.chunk0, NAME.nncp.chunk1 ... and NAME.nncp.meta, which says what
// they must be (specification 2.1).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bridges/nncp/packet/ids.h"
#include "bridges/nncp/toss/safe_path.h"

namespace waypost::nncp {

struct ChunkMeta {
    std::uint64_t file_bytes = 0, chunk_bytes = 0;
    std::vector<Mth> chunks;

    std::uint64_t bytes_of(std::size_t chunk) const;
};
inline constexpr std::size_t kMostChunks = 1'000'000;
std::string encode(const ChunkMeta& meta);
// Refuses one whose numbers do not fit each other.
Result<ChunkMeta> decode_chunk_meta(std::string_view bytes);

std::string chunk_name(const std::string& name, std::size_t chunk);  // "a.bin.nncp.chunk0"
std::string meta_name(const std::string& name);
// "a.bin" of either; nullopt: it is none of them.
std::optional<std::string> name_of_chunked(std::string_view file);

// If the meta and every chunk of `name` lie in this folder and are what the meta says: makes the
// file, under the name returned, and deletes them. nullopt: something is missing yet. BadInput: a
// chunk is not what it must be; all stay.
Result<std::optional<std::string>> reassemble(const SafePlace& place, bool sync);

}  // namespace waypost::nncp
