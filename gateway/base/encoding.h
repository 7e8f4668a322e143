// SPDX-License-Identifier: Apache-2.0
// Bytes as text, by libsodium. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "gateway/base/result.h"

namespace waypost {

// RFC 4648 section 4, padded, on one line.
std::string to_base64(std::string_view bytes);
// White space between the letters is passed over; anything else that does not belong is an Error.
Result<std::string> from_base64(std::string_view text);

// In small letters, two for each byte; nullopt: no such text, in capitals or not.
std::string to_hex(std::string_view bytes);
std::optional<std::string> from_hex(std::string_view text);

// As HTML or XML character data, or an attribute value between quotes: & < > " ' by name or number.
std::string escape_html(std::string_view text);
void append_html(std::string& out, std::string_view text);

// 128 bits of BLAKE2b in hex: to know a text again without keeping it. Stands in stores: it stays
// as it is.
std::string short_hash(std::string_view text);

}  // namespace waypost
