// SPDX-License-Identifier: Apache-2.0
// A thread that does something again and again until it is stopped.
#pragma once

#include <functional>
#include <utility>

#include "gateway/base/lazy_ticker.h"

namespace waypost {

class Ticker {
  public:
    // Once; the first time after `every`.
    void start(milliseconds every, std::function<void()> work) {
        ticker_.start(every, every, [work = std::move(work)] {
            work();
            return true;
        });
    }
    // Returns when nothing of it runs any more.
    void stop() { ticker_.stop(); }

  private:
    LazyTicker ticker_;
};

}  // namespace waypost
