// SPDX-License-Identifier: Apache-2.0
// What a frame of the trunk says in clear, in words. Pure.
#pragma once

#include <string>
#include <string_view>

#include "radio/trunk/trunk_frame.h"

namespace waypost::trunk {

std::string type_name(const Frame& frame);  // "single"

// "single 17", "fragment 17.3", "hello of link 1": the type, and what it is counted by; "no packet
// of the trunk" for anything else. Anybody's bytes may look like a frame: only a key can prove one.
std::string frame_text(std::string_view packet);

}  // namespace waypost::trunk
