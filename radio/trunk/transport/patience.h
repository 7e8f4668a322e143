// SPDX-License-Identifier: Apache-2.0
// Since when a link has something for a neighbour and hears nothing of it: on record, as boxes are
// switched off each night. Nobody is silent who was not asked. One thread.
#pragma once

#include <optional>

#include "gateway/transport.h"

namespace waypost::trunk {

class Patience {
  public:
    // `most` 0: without end.
    Patience(TransportState& state, milliseconds most);

    // True: it ended just now.
    bool waits(bool something, BoxTime now);
    void heard(BoxTime now);
    bool over() const { return over_; }
    BoxTime next() const;

  private:
    void since(std::optional<BoxTime> when);

    TransportState& state_;
    const milliseconds most_;
    std::optional<BoxTime> since_;
    BoxTime kept_{};  // what is on record
    bool over_ = false;
};

}  // namespace waypost::trunk
