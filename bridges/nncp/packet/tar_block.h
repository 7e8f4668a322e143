// SPDX-License-Identifier: Apache-2.0
// One header block of a tar (POSIX.1-2001 ustar and pax), as much of it as bundles and folders
// need. libarchive does not fit here: reading has to start anew at any byte, and never run ahead;
// and it brings ten libraries along. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "gateway/base/result.h"

namespace waypost::nncp {

inline constexpr std::size_t kTarBlock = 512;

struct TarEntry {
    std::string path;  // at most 255 bytes; split at a slash where it is longer than 100
    std::uint64_t bytes = 0;
    char type = '0';         // 0 file, 5 folder, x what pax says of the next one
    std::uint32_t mode = 0;  // 0: 0700 of a folder, else 0400
    std::uint64_t time = 0;  // Unix seconds
};

// 512 bytes. An Error: the path does not fit.
Result<std::string> encode(const TarEntry& entry);
// The same behind an entry of type x with its path, where that does not fit.
std::string encode_any(TarEntry entry);
// Refuses what is not 512 bytes with the right sum and the word "ustar".
Result<TarEntry> decode_tar_entry(std::string_view block);
// The data of an entry of type x: `path` and `size` replace what the next header says.
Result<void> apply_pax(std::string_view records, TarEntry& next);

// Zeros after data of this length.
inline std::size_t tar_filler(std::uint64_t bytes) {
    return static_cast<std::size_t>((kTarBlock - bytes % kTarBlock) % kTarBlock);
}

}  // namespace waypost::nncp
