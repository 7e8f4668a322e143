// SPDX-License-Identifier: Apache-2.0
// The module's end of a pseudo terminal. Never blocks. One thread.
#pragma once

#include <string>
#include <string_view>

namespace waypost::simulator {

class ModemPty {
  public:
    ModemPty();  // throws std::runtime_error with the reason
    ~ModemPty();
    ModemPty(const ModemPty&) = delete;
    ModemPty& operator=(const ModemPty&) = delete;

    const std::string& path() const { return path_; }  // what a host opens
    std::string read();                                // what the host wrote; empty: nothing
    void write(std::string_view bytes);                // what does not fit is lost, as on a UART

  private:
    int fd_;
    std::string path_;
};

}  // namespace waypost::simulator
