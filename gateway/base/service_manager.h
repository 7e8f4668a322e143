// SPDX-License-Identifier: Apache-2.0
// What systemd wants to hear of a service of Type=notify: datagrams of lines to a Unix socket,
// sd_notify(3). Started by hand there is no such socket, and all of this does nothing.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace waypost {

class ServiceManager {
  public:
    // Of this process, by NOTIFY_SOCKET, WATCHDOG_USEC and WATCHDOG_PID of its environment.
    static ServiceManager of_this_process();
    // `socket`: its path, or with '@' first an abstract name; empty: nobody listens. `watchdog`:
    // how often at least it wants to hear WATCHDOG=1; nothing: never.
    explicit ServiceManager(std::string socket,
                            std::optional<std::chrono::milliseconds> watchdog = std::nullopt);

    // "READY=1\nSTATUS=serving". Any thread, never blocks. False: it did not arrive, which a
    // service can live with.
    bool tell(std::string_view lines) const;
    std::optional<std::chrono::milliseconds> watchdog() const { return watchdog_; }

  private:
    std::string socket_;
    std::optional<std::chrono::milliseconds> watchdog_;
};

}  // namespace waypost
