// SPDX-License-Identifier: Apache-2.0
// Airtime of objects over the virtual channel: by the link, and by models of what others do. All of
// it counts, both directions, until the sender knows.
#pragma once

#include <cstdint>
#include <vector>

#include "tests/trunk/channel.h"

namespace waypost::trunk {

struct Case {
    std::vector<std::size_t> sizes;  // offered together
    ChannelOptions channel;
    int runs = 1000;
};

struct Cost {
    double seconds = 0;  // means of a run: airtime
    double bytes = 0;    // ... on air
    double elapsed = 0;  // ... until the sender knows
    double error = 0;    // of the mean of `seconds`
};

// protocols/trunk.md, section 3: full frames of 255 bytes without heads, each sent 1 / (1 - loss)
// times, nothing answered.
double bound_seconds(const Case& which);

// On a link that is up and idle.
Cost link_cost(const Case& which);
// lorapipe's way made reliable: packets of at most 100 bytes, 11 bytes of head each way, every
// packet answered before the next.
Cost stop_and_wait_cost(const Case& which);
// A model with the byte counts that LXMF 1.0.1 over Reticulum 1.4.2 had on a line: one
// opportunistic packet and its proof up to 295 bytes, above it a link, an advertisement and parts
// of 464 bytes on request. Packets above 254 bytes are two frames of an RNode.
Cost lxmf_model_cost(const Case& which);

}  // namespace waypost::trunk
