// SPDX-License-Identifier: Apache-2.0
// How many lines one radio may say in a minute, so that one that floods costs the others little.
#pragma once

#include "gateway/conversation/talk.h"

namespace waypost {

enum class Pace {
    Fine,
    SlowDown,  // too fast since just now: it is told, once
    Drop,      // told already
};

// Counts one more line of this talk. `per_minute` 0: no limit.
Pace pace_of(Talk& talk, int per_minute, store::Ms box_now);

}  // namespace waypost
