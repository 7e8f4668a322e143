// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/bench.h"

namespace waypost::bench {

int queue_scale() { return 1; }

}  // namespace waypost::bench
