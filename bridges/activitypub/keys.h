// SPDX-License-Identifier: Apache-2.0
// The signing keys of our actors: made when one is first needed, kept in the transport's state.
// Thread-safe; making one takes some tenths of a second on a small machine.
#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "bridges/activitypub/signature/signature.h"
#include "gateway/transport.h"

namespace waypost::activitypub {

class Keys {
  public:
    // A key older than `rotate` is replaced when it is asked for; 0: never. Who kept the old one
    // fetches the new one when a signature does not fit.
    Keys(TransportState& state, const Clock& clock, std::chrono::hours rotate)
        : state_(state), clock_(clock), rotate_(rotate) {}

    // Throws std::runtime_error if none can be made.
    std::shared_ptr<const SigningKey> of(const std::string& name);

  private:
    TransportState& state_;
    const Clock& clock_;
    const std::chrono::hours rotate_;
    std::mutex mutex_;
    std::map<std::string, std::shared_ptr<const SigningKey>> known_;  // at most kMostKnown
};

}  // namespace waypost::activitypub
