// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>

#include "gateway/base/clock.h"

namespace waypost {

// A transport whose device knows the time by itself (GPS) is one of these too.
class TellsTime {
  public:
    using Told = std::function<void(WallTime)>;  // any thread; does not wait for the disk
    virtual ~TellsTime() = default;
    // Before start(). `told` is called each time the device says what time it is now; it outlives
    // the transport.
    virtual void tell_time(Told told) = 0;
};

}  // namespace waypost
