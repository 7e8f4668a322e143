// SPDX-License-Identifier: Apache-2.0
// A text as a model sees it: one byte a character of its language's script, so that contexts are
// counted in characters. Any bytes pass and come back as they were. Pure.
//
//   0x00..0x7F  themselves, but 0x10 and 0x11
//   0x80..0xFF  the character `script` + 0..127
//   0x10        a character of another script follows, as UTF-8
//   0x11        one byte follows as it is: 0x10, 0x11 or what is not UTF-8
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "gateway/base/result.h"

namespace waypost::pack {

// First code point of the 128 that are one byte each.
enum class Script : std::uint16_t {
    Latin = 0x80,
    Cyrillic = 0x400,
    Arabic = 0x600,
    Devanagari = 0x900
};

std::string to_alphabet(std::string_view text, Script script);

// BadInput: not what to_alphabet() makes. TooLarge: more than `limit` bytes.
Result<std::string> from_alphabet(std::string_view symbols, Script script, std::size_t limit);

}  // namespace waypost::pack
