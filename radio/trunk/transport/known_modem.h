// SPDX-License-Identifier: Apache-2.0
// Which modem was found at a port that names none, over restarts, so that it is asked first. One
// thread.
#pragma once

#include <map>
#include <string>

#include "gateway/transport.h"
#include "radio/modem_kind.h"

namespace waypost::trunk {

class KnownModem {
  public:
    explicit KnownModem(TransportState& state);

    void tell(ModemSettings& settings) const;
    // What the modem says of itself (FrameRadio::details). True: it is another than before.
    bool note(const std::map<std::string, std::string>& details);
    const std::string& kind() const { return kind_; }

  private:
    TransportState& state_;
    std::string kind_;  // empty: none was found yet
};

}  // namespace waypost::trunk
