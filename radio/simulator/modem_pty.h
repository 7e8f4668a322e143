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
    int fd() const { return fd_; }                     // readable: the host wrote
    std::string read();                                // what the host wrote; empty: nothing
    // How many bytes fitted; a UART loses the rest.
    std::size_t write(std::string_view bytes);

  private:
    int fd_;
    std::string path_;
};

}  // namespace waypost::simulator
