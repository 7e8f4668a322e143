// SPDX-License-Identifier: Apache-2.0
// A pseudo terminal with a simulated modem behind it. One thread.
#pragma once

#include <string>

#include "radio/simulator/lora_modem/modem_device.h"

namespace waypost::simulator {

class ModemPty {
  public:
    // Throws std::runtime_error if there is no terminal to be had. `device` stays the caller's.
    explicit ModemPty(ModemDevice& device);
    ~ModemPty();
    ModemPty(const ModemPty&) = delete;
    ModemPty& operator=(const ModemPty&) = delete;

    const std::string& path() const { return path_; }  // of the host's end
    int fd() const { return master_; }                 // readable: pump() has work
    // Carries what is there both ways; true: something was.
    bool pump(BoxTime now);
    std::size_t read() const { return read_; }  // bytes of the host so far
    std::size_t written() const { return written_; }

  private:
    ModemDevice& device_;
    int master_;
    std::string path_;
    std::string waiting_;
    std::size_t read_ = 0;
    std::size_t written_ = 0;
};

}  // namespace waypost::simulator
