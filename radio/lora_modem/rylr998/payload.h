// SPDX-License-Identifier: Apache-2.0
// How a frame goes through AT+SEND. Which bytes firmware passes on differs, so a frame goes as text
// by default, and as it is where the operator says that both modules are binary safe. What comes
// says by its first byte which it is, so the two ends may differ:
//   ~ and the frame in base 85 (the alphabet of ZeroMQ RFC 32; the last 1 to 3 bytes take one
//     character more than they are)
//   } and the frame as it is; without the } if it begins with neither of the two
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace waypost::rylr998 {

inline constexpr std::size_t kMostText = 191;    // bytes of a frame that goes as text
inline constexpr std::size_t kMostBinary = 239;  // likewise as it is

std::string as_text(std::string_view frame);
std::string as_it_is(std::string_view frame);
std::size_t size_as_text(std::size_t bytes);
std::optional<std::string> frame_of(std::string_view data);  // nullopt: damaged text

}  // namespace waypost::rylr998
