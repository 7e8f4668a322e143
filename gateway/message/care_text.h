// SPDX-License-Identifier: Apache-2.0
// Signed commands of operators as they travel in messages (doc/care.md): to care@ of a box, as a
// line that begins so and goes on in base64. Whoever carries them reads no more of them.
#pragma once

namespace waypost {

inline constexpr char kCareName[] = "care";  // care@hill.example: nobody is called so
inline constexpr char kCareMark[] = "waypost-care:";

}  // namespace waypost
