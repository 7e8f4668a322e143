// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

namespace waypost {

// Where chance comes from. Thread-safe. Production draws from libsodium; tests give a seed.
class Random {
  public:
    virtual ~Random() = default;
    virtual std::uint64_t next() = 0;

    // Uniform in [0, bound); bound 0 gives 0.
    std::uint64_t below(std::uint64_t bound);
    // `bytes` random bytes as lower-case hex.
    std::string hex(std::size_t bytes);
};

std::unique_ptr<Random> system_random();
std::unique_ptr<Random> seeded_random(std::uint64_t seed);

}  // namespace waypost
