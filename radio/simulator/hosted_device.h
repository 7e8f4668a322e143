// SPDX-License-Identifier: Apache-2.0
// A simulated device as the line to its host sees it: bytes in, bytes out. One thread.
#pragma once

#include <string>
#include <string_view>

namespace waypost::simulator {

class HostedDevice {
  public:
    virtual ~HostedDevice() = default;
    // A host opened the line; one before it is gone. `serial`: the line stays over a reboot.
    virtual void connected(bool serial) = 0;
    virtual void disconnected() = 0;
    virtual void from_host(std::string_view bytes) = 0;
    virtual std::string to_host() = 0;  // what waits for the host
    // The device wants the connection closed.
    virtual bool dropping() const = 0;
};

}  // namespace waypost::simulator
