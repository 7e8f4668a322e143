// SPDX-License-Identifier: Apache-2.0
// A line of bytes to a device: serial, TCP or a pseudo terminal.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "gateway/base/result.h"

namespace waypost {

// One thread reads; wake() may be called by any other and ends a read early.
class ByteLine {
  public:
    virtual ~ByteLine() = default;
    // What has come, at most 4 KiB; empty after the timeout or a wake. An error: the line is gone.
    virtual Result<std::string> read(std::chrono::milliseconds timeout) = 0;
    // All of it, or an error. Waits at most a few seconds for a device that does not read.
    virtual Result<void> write(std::string_view bytes) = 0;
    virtual void wake() noexcept = 0;
};

// "serial:/dev/ttyUSB0", "serial:/dev/ttyUSB0?baud=115200", "tcp:host:4403".
Result<std::unique_ptr<ByteLine>> open_line(const std::string& where);

// The device itself, whatever scheme ("serial:", "rnode:") and link name it: "/dev/ttyUSB0". A
// place that is no device's is left as it is.
std::string device_of(const std::string& where);

}  // namespace waypost
