// SPDX-License-Identifier: Apache-2.0
// Parts of a file, as HTTP asks for them (RFC 9110, 14).
#pragma once

#include <cstdint>
#include <string>

namespace waypost::site {

struct ByteRange {
    enum class Kind { Whole, Part, Outside };
    Kind kind = Kind::Whole;
    std::uint64_t from = 0;
    std::uint64_t bytes = 0;  // of a Part at least 1; of Whole all
};

// What a Range header asks for of so many bytes. No header, one that cannot be read, and more than
// one range are Whole, as the RFC allows; Outside is a range with nothing in it.
ByteRange range_of(const std::string& header, std::uint64_t size);

}  // namespace waypost::site
