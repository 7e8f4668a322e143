// SPDX-License-Identifier: Apache-2.0
// For a transport that knows values which people ask for, as sensors do: "water?" is answered with
// the last one.
#pragma once

namespace waypost {

// The transport state in which they stand, whosever they are, by the word that asks for them:
// "WALLMS TEXT", "1795788000000 1.83 m".
inline constexpr char kAskedValues[] = "ask";

}  // namespace waypost
