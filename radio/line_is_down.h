// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/transport.h"

namespace waypost {

// Not tried: there is no connection to the device.
inline Outcome line_is_down() {
    return outcome(Outcome::Kind::NotTried, "line", "no connection to the device");
}

}  // namespace waypost
