// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>

#include "gateway/base/random.h"

namespace waypost {

// How long to wait after attempt number `attempt` (from 1) failed for now: 30 s doubling to one
// hour on fast networks, one minute doubling to six hours where every try costs airtime; a fifth
// more or less by chance, so that what failed together does not come back together.
std::chrono::milliseconds back_off(int attempt, bool costs_airtime, Random& random);

}  // namespace waypost
