// SPDX-License-Identifier: Apache-2.0
// For a transport that shows how the others are: to home automation, to a display on the wall.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "gateway/transport.h"

namespace waypost {

struct SeenTransport {
    TransportId id;
    std::string network;
    Status status;
};

// A transport that shows the others is one of these too.
class SeesTransports {
  public:
    virtual ~SeesTransports() = default;
    // Before start(). `all` may be called by any thread of it, until stop(); itself is among them.
    virtual void see(std::function<std::vector<SeenTransport>()> all) = 0;
};

}  // namespace waypost
