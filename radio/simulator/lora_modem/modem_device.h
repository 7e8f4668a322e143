// SPDX-License-Identifier: Apache-2.0
// A simulated modem at its serial line, written from its manual: bytes of the host and time in,
// bytes to the host out. On air through FrameAir, with its own time on air. One thread.
#pragma once

#include <string>
#include <string_view>

#include "radio/simulator/lora_modem/serial_wire.h"

namespace waypost::simulator {

class ModemDevice {
  public:
    explicit ModemDevice(int baud) : in_(baud), out_(baud) {}
    virtual ~ModemDevice() = default;
    ModemDevice(const ModemDevice&) = delete;
    ModemDevice& operator=(const ModemDevice&) = delete;

    void from_host(std::string_view bytes, BoxTime now) { in_.put(bytes, now); }
    std::string to_host(BoxTime now) { return out_.take(now); }
    // Does all that is due until `now`.
    virtual void step(BoxTime now) = 0;

  protected:
    void say(std::string_view bytes, BoxTime now) { out_.put(bytes, now); }

    SerialWire in_;
    SerialWire out_;
};

}  // namespace waypost::simulator
