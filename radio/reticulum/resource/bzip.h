// SPDX-License-Identifier: Apache-2.0
// bzip2 in memory, by libbz2. Pure.
#pragma once

#include <string>
#include <string_view>

#include "gateway/base/result.h"

namespace waypost::reticulum {

std::string bzip(std::string_view bytes);
// BadInput: no bzip2, cut off, or with bytes behind. TooLarge: it would be more than `most` bytes;
// no more than these are ever held.
Result<std::string> unbzip(std::string_view packed, std::size_t most);

}  // namespace waypost::reticulum
