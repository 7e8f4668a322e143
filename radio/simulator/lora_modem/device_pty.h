// SPDX-License-Identifier: Apache-2.0
// A pseudo terminal with a simulated modem behind it. One thread.
#pragma once

#include <string>

#include "radio/simulator/lora_modem/modem_device.h"
#include "radio/simulator/modem_pty.h"

namespace waypost::simulator {

class DevicePty {
  public:
    // Throws std::runtime_error if there is no terminal to be had. `device` stays the caller's.
    explicit DevicePty(ModemDevice& device) : device_(device) {}

    const std::string& path() const { return pty_.path(); }  // of the host's end
    int fd() const { return pty_.fd(); }                     // readable: pump() has work
    // Carries what is there both ways; true: something was.
    bool pump(BoxTime now);
    std::size_t read() const { return read_; }  // bytes of the host so far
    std::size_t written() const { return written_; }

  private:
    ModemDevice& device_;
    ModemPty pty_;
    std::string waiting_;
    std::size_t read_ = 0;
    std::size_t written_ = 0;
};

}  // namespace waypost::simulator
