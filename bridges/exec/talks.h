// SPDX-License-Identifier: Apache-2.0
// Whom somebody outside means who names nobody: many networks give one address to the whole
// village. The text names a person at its beginning ("@ana hello"), or goes to the one here who
// wrote to him last. Kept in the transport's state. Any thread.
#pragma once

#include <string>

#include "gateway/transport.h"

namespace waypost::exec {

class Talks {
  public:
    explicit Talks(TransportState& state) : state_(state) {}

    void forget_old(WallTime now);
    // `handle` wrote to him, or is written to by him.
    void talked(const Address& outsider, const std::string& handle, WallTime now);
    // The handle, with "@ana " cut from the text; empty: nobody is meant.
    std::string meant(const Address& outsider, std::string& text, WallTime now) const;

  private:
    TransportState& state_;
};

}  // namespace waypost::exec
