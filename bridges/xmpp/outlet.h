// SPDX-License-Identifier: Apache-2.0
// For answers that come late, on another thread, when the part that was asked may be gone: shared
// by whoever still has to answer. Thread-safe.
#pragma once

#include <mutex>
#include <utility>

#include "bridges/xmpp/gate.h"

namespace waypost::xmpp {

class Outlet {
  public:
    explicit Outlet(StanzaOut& out) : out_(&out) {}
    void send(Element stanza) {
        const std::lock_guard lock(mutex_);
        if (out_ != nullptr) out_->send(std::move(stanza));
    }
    // Nothing is sent any more once it returns.
    void close() {
        const std::lock_guard lock(mutex_);
        out_ = nullptr;
    }

  private:
    std::mutex mutex_;
    StanzaOut* out_;  // under mutex_
};

}  // namespace waypost::xmpp
