// SPDX-License-Identifier: Apache-2.0
// Copies of sent mails on their way into the provider's folder for them. Small ones are durable in
// the transport's state until they are there; large ones live in memory. Thread-safe.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "gateway/transport.h"

namespace waypost::email {

class SentCopies {
  public:
    static constexpr std::size_t kMost = 100;
    static constexpr std::size_t kMostDurable = 256 * 1024;  // bytes of one
    static constexpr std::size_t kMostInMemory = 32u << 20;  // bytes of all large ones

    // Reads what waits. `state` outlives it.
    void load(TransportState& state);
    // False: too many wait; this mail gets no copy.
    bool add(std::string mail);
    // The oldest that waits.
    std::optional<std::string> front() const;
    // The one that front() gave is done with.
    void pop();
    std::size_t size() const;

  private:
    void put_bounds();
    // The same few names for ever: the store's owner remembers each name that was ever used.
    static std::string slot(std::uint64_t number) {
        return "copy-" + std::to_string(number % kMost);
    }
    mutable std::mutex mutex_;
    TransportState* state_ = nullptr;
    std::uint64_t first_ = 0;
    std::uint64_t end_ = 0;
    std::map<std::uint64_t, std::string> large_;
    std::size_t large_bytes_ = 0;
};

}  // namespace waypost::email
