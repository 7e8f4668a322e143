// SPDX-License-Identifier: Apache-2.0
// What the kinds of Bodies share.
#pragma once

#include <istream>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/store/bodies.h"

namespace waypost::store {

// What errno says of a file; Full, where the disk is.
Error file_error(const std::string& what);
// Mode 0700, if it is missing; throws std::runtime_error if that fails.
void make_own_folder(const std::string& folder);

// `take(piece)` for all of it, until that is false. False: it cannot be read to its end.
template <class Take>
bool each_piece(std::istream& in, Take take) {
    std::vector<char> piece(std::size_t{64} * 1024);
    while (in.read(piece.data(), static_cast<std::streamsize>(piece.size())) || in.gcount() > 0)
        if (!take(std::string_view(piece.data(), static_cast<std::size_t>(in.gcount())))) break;
    return !in.bad();
}

// Writes all of `content` and finishes.
Result<void> fill(BodyWriter& writer, std::istream& content);

}  // namespace waypost::store
