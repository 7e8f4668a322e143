// SPDX-License-Identifier: Apache-2.0
// For whom something from outside is that names no address: many networks give one to the whole
// village. The text names a person at its beginning ("@ana hello"), or it is for the one here who
// talked with its author last.
#pragma once

#include <string>

#include "gateway/talks.h"

namespace waypost::exec {

inline constexpr std::size_t kMostTalks = 10'000;

// The handle, with "@ana " cut from the text; empty: nobody is meant.
std::string for_whom(Talks& talks, const Address& outsider, std::string& text, WallTime now);

}  // namespace waypost::exec
