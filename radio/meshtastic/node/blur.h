// SPDX-License-Identifier: Apache-2.0
// Positions no finer than a channel may carry, cut as firmware cuts them. Pure.
#pragma once

#include <string>

namespace waypost::meshtastic {

// The payload of a position (port 3) with at most `bits` of its coordinates, in the middle of what
// is left; empty: it says none, or it may say none (`bits` 0), or it is no position. One that was
// cut more before stays as it is.
std::string blur_position(const std::string& payload, int bits);

}  // namespace waypost::meshtastic
