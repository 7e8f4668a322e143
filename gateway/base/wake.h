// SPDX-License-Identifier: Apache-2.0
// Wakes the one thread that polls (eventfd). Any thread rings.
#pragma once

#include "gateway/base/fd.h"

namespace waypost {

class Wake {
  public:
    Wake();  // throws std::runtime_error
    void ring() noexcept;
    void clear() noexcept;                // by who polls, before it looks at what it was woken for
    int fd() const { return fd_.get(); }  // readable: it has rung

  private:
    Fd fd_;
};

}  // namespace waypost
