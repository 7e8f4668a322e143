// SPDX-License-Identifier: Apache-2.0
// Stamps of LXMF: a proof of work that a recipient may ask for, so that writing to many costs. A
// stamp is 32 bytes such that SHA-256(workblock, stamp) begins with as many zero bits as it costs;
// the workblock is 256 bytes of HKDF-SHA256 for each of 3000 rounds, from the message's id.
#pragma once

#include <sodium.h>

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "gateway/base/random.h"

namespace waypost::reticulum {

inline constexpr int kMessageStampRounds = 3000;
inline constexpr int kMostStampCost = 254;  // what an announce may ask for: 1..254

// The work of one message. The workblock is hashed when it is made (tens of milliseconds) and not
// kept: a check is one block of SHA-256 from there on. Const methods are thread-safe.
class StampWork {
  public:
    explicit StampWork(std::string_view message_id, int rounds = kMessageStampRounds);

    int value(std::string_view stamp) const;  // its zero bits
    bool good(std::string_view stamp, int cost) const;
    // Tries at most `most_tries`, 2^cost on average, and asks `stop` every few thousand of them.
    // nullopt: stopped, or none was found.
    std::optional<std::string> make(int cost, Random& random, std::uint64_t most_tries,
                                    const std::function<bool()>& stop = {}) const;

  private:
    using Hash = std::array<unsigned char, crypto_hash_sha256_BYTES>;
    Hash hash_with(std::string_view stamp) const;
    crypto_hash_sha256_state state_;  // after the workblock
};

}  // namespace waypost::reticulum
