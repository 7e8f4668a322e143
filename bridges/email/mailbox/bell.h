// SPDX-License-Identifier: Apache-2.0
// Wakes a thread that waits for time or for a socket (eventfd). Any thread rings, one waits.
#pragma once

#include <chrono>

namespace waypost::email {

class Bell {
  public:
    Bell();  // throws std::runtime_error
    ~Bell();
    Bell(const Bell&) = delete;
    Bell& operator=(const Bell&) = delete;

    void ring() noexcept;
    enum class Heard { Bell, Socket, Nothing };
    // Until it rings, `fd` (if not -1) can be read or is gone, or the time is over.
    Heard wait(int fd, std::chrono::milliseconds time);

  private:
    int fd_;
};

}  // namespace waypost::email
