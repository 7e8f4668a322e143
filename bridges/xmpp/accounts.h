// SPDX-License-Identifier: Apache-2.0
// Accounts of people here: the ones that bear their names become theirs when they first show up,
// and whichever was available last is where their messages go. Thread-safe.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "bridges/xmpp/gate.h"

namespace waypost::xmpp {

class Accounts {
  public:
    explicit Accounts(const Gate& gate);

    // It said something, whatever that was.
    void seen(const Jid& account);
    // A program of its owner is connected there.
    void available(const Jid& account);
    // Now and then: what was just attached is known to the gateway by now, and is told as heard.
    void tick();

  private:
    // Also of answers that come when this object is gone.
    struct Known {
        std::mutex mutex;
        std::map<Address, BoxTime> again;  // no earlier is it attached, or told as heard
        std::vector<Address> fresh;        // attached since the last tick()
    };
    bool due(const Address& address, std::chrono::milliseconds every);

    const Gate& gate_;
    const std::shared_ptr<Known> known_ = std::make_shared<Known>();
};

}  // namespace waypost::xmpp
