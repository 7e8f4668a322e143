// SPDX-License-Identifier: Apache-2.0
// When to try again. Pure; one thread at a time.
#pragma once

#include "bridges/xmpp/component/component_session.h"
#include "gateway/base/clock.h"
#include "gateway/base/random.h"

namespace waypost::xmpp {

struct ReconnectOptions {
    milliseconds first{1'000};  // doubled each time
    milliseconds most{60'000};
    milliseconds first_refused{60'000};  // wrong secret, conflict: only the operator mends that
    milliseconds most_refused{600'000};
    milliseconds steady{60'000};  // a stream that held this long makes the next wait a first one
};

class Reconnect {
  public:
    explicit Reconnect(ReconnectOptions options, Random& random);
    void up(BoxTime now);
    // What was sent on this stream was taken: however short it was, it got on, and the next wait is
    // a first one.
    void got_on() { failures_ = 0; }
    // How long to wait: between half of the step and all of it.
    milliseconds down(DownKind kind, BoxTime now);

  private:
    const ReconnectOptions options_;
    Random& random_;
    int failures_ = 0;
    bool refused_ = false;
    bool up_ = false;
    BoxTime up_since_{};
};

}  // namespace waypost::xmpp
