// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace waypost::kiss {

// What a recorded KISS line says, a line of text for each frame: for people. Text of stations is
// shown with all but printable ASCII as \xNN.
std::string decode_kiss(std::string_view bytes);

}  // namespace waypost::kiss
