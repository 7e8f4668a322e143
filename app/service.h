// SPDX-License-Identifier: Apache-2.0
// The daemon as its service manager sees it (Type=notify): ready, opened anew, ending, in one line
// for `systemctl status`, and moving (watchdog.h). The main thread's.
#pragma once

#include <string>

#include "app/gateway.h"
#include "app/watchdog.h"

namespace waypost {

class Service {
  public:
    // It is ready, and another worker of its hub has the work; `status` is a line.
    void waits(const std::string& status);
    // It has the work from now on, and opens a gateway.
    void opens();
    // A gateway is open and serves: transports are started, the store is open. It lives until
    // opens_anew() or ends(), or longer than this.
    void serves(Gateway& gateway);
    // The main thread goes round.
    void goes_round(Gateway& gateway);
    // The gateway closes, and another one follows, or none.
    void opens_anew();
    void ends();

  private:
    void say(const std::string& status);

    const ServiceManager manager_ = ServiceManager::of_this_process();
    const SystemClock clock_;
    Watchdog watchdog_{manager_, clock_};
    bool watched_ = false;
    std::string said_;
};

}  // namespace waypost
