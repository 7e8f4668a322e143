// SPDX-License-Identifier: Apache-2.0
// Pairs of ids, the newest thousand of them, durable in the transport's state: which id on the
// account's server a status has that everybody else knows by another. Thread-safe.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>

#include "gateway/transport.h"

namespace waypost::activitypub::client {

class IdMemory {
  public:
    static constexpr std::size_t kMost = 1000;

    // Reads what was remembered under the keys PREFIX/0 and on; throws std::runtime_error if the
    // store cannot be read. `state` outlives it.
    IdMemory(TransportState& state, std::string prefix);

    // Neither has a space in it. A pair whose `key` is known changes nothing.
    void put(const std::string& key, const std::string& value);
    std::string value_of(const std::string& key) const;  // empty: not known
    std::string key_of(const std::string& value) const;  // likewise
    void clear();

  private:
    void forget(std::size_t slot);
    std::string place(std::size_t slot) const { return prefix_ + '/' + std::to_string(slot); }

    TransportState& state_;
    const std::string prefix_;
    mutable std::mutex mutex_;                  // of all below
    std::uint64_t next_ = 0;                    // its slot is the rest of it
    std::map<std::size_t, std::string> slots_;  // the key that is there
    std::map<std::string, std::string> values_, keys_;
};

}  // namespace waypost::activitypub::client
