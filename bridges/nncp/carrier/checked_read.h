// SPDX-License-Identifier: Apache-2.0
// Reads files that are packets, in pieces, with their hash.
#pragma once

#include <functional>

#include "bridges/nncp/packet/mth.h"
#include "bridges/nncp/spool/files.h"

namespace waypost::nncp {

inline constexpr std::size_t kPieceBytes = 128 * 1024;

// Called with each piece; an Error ends the reading.
using Piece = std::function<Result<void>(std::span<const std::uint8_t>)>;

Result<Fd> open_packet(const std::filesystem::path& file);  // no link
// All that is left of it.
Result<Mth> read_pieces(int fd, const Piece& piece);
// The hash of the file as the disk has it: what this machine remembers of it is dropped first.
Result<Mth> hash_on_disk(const std::filesystem::path& file);

}  // namespace waypost::nncp
