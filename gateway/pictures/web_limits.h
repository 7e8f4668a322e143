// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace waypost {

// Longest side of a picture for others, in pixels: what waypost-shrink may be asked for.
inline constexpr unsigned long kLeastWebSide = 64;
inline constexpr unsigned long kMostWebSide = 4096;

}  // namespace waypost
