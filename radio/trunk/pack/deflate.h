// SPDX-License-Identifier: Apache-2.0
// RFC 1951 without a wrapper, by zlib. Pure.
#pragma once

#include <string>
#include <string_view>

#include "gateway/base/result.h"

namespace waypost::pack {

std::string deflate_raw(std::string_view text);

// BadInput: no deflate stream, cut off, or bytes behind its end. TooLarge: more than `limit` bytes.
Result<std::string> inflate_raw(std::string_view stream, std::size_t limit);

}  // namespace waypost::pack
