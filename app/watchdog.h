// SPDX-License-Identifier: Apache-2.0
// Tells the service manager that the gateway moves, and only while that is proved: the main thread
// has gone its round, and the store's writer has taken up and committed what this asked of it. When
// either stands still nothing is told any more, and the service manager starts the service anew.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>

#include "gateway/base/clock.h"
#include "gateway/base/service_manager.h"
#include "gateway/base/ticker.h"

namespace waypost {

// All methods may be called from any thread.
class Watchdog {
  public:
    // Hands the writer a piece of work; `answered` is called when it is done, well or not (a full
    // disk is no reason to begin anew), on any thread.
    using AskWriter = std::function<void(std::function<void()> answered)>;

    Watchdog(const ServiceManager& manager, const Clock& clock);
    // The thread, if the service manager wants to hear anything. Ends with this object.
    void start();

    // A gateway is open, from now on its writer is asked.
    void watch(AskWriter ask);
    // It closes: it is asked nothing any more when this returns, and the main thread may be silent
    // for so long.
    void leave(milliseconds patience);
    // The main thread, each time it goes round.
    void main_moves();

    // One look, which tells what it finds. The thread does it four times in the time that the
    // service manager waits; tests do it on their clock.
    void look();

  private:
    const char* standing_still(BoxTime now);  // which part; null: none. With mutex_ held

    const ServiceManager& manager_;
    const Clock& clock_;
    const milliseconds patience_;  // with a part that does not move
    std::mutex mutex_;
    AskWriter ask_;                              // under mutex_, as all that follows
    std::shared_ptr<std::atomic<bool>> answer_;  // to what was asked last; null: nothing was
    BoxTime asked_{}, main_moved_{}, may_be_silent_until_{};
    bool told_still_ = false;
    Ticker ticker_;  // last: its thread uses the rest
};

}  // namespace waypost
