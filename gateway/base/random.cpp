// SPDX-License-Identifier: Apache-2.0
#include "gateway/base/random.h"

#include <sodium.h>

#include <mutex>
#include <random>
#include <stdexcept>

namespace waypost {
namespace {

class SystemRandom final : public Random {
  public:
    SystemRandom() {
        if (sodium_init() < 0) throw std::runtime_error("libsodium found no source of randomness");
    }
    std::uint64_t next() override {
        std::uint64_t value = 0;
        randombytes_buf(&value, sizeof value);
        return value;
    }
};

class SeededRandom final : public Random {
  public:
    explicit SeededRandom(std::uint64_t seed) : engine_(seed) {}
    std::uint64_t next() override {
        const std::lock_guard lock(mutex_);
        return engine_();
    }

  private:
    std::mutex mutex_;
    std::mt19937_64 engine_;
};

}  // namespace

std::uint64_t Random::below(std::uint64_t bound) {
    if (bound == 0) return 0;
    const std::uint64_t limit = UINT64_MAX - UINT64_MAX % bound;
    std::uint64_t value = next();
    while (value >= limit) value = next();
    return value % bound;
}

std::string Random::hex(std::size_t bytes) {
    static constexpr char kDigits[] = "0123456789abcdef";
    std::string out;
    out.reserve(bytes * 2);
    std::uint64_t pool = 0;
    for (std::size_t i = 0; i < bytes; ++i) {
        if (i % 8 == 0) pool = next();
        out += kDigits[(pool >> 4) & 15];
        out += kDigits[pool & 15];
        pool >>= 8;
    }
    return out;
}

std::unique_ptr<Random> system_random() { return std::make_unique<SystemRandom>(); }
std::unique_ptr<Random> seeded_random(std::uint64_t seed) {
    return std::make_unique<SeededRandom>(seed);
}

}  // namespace waypost
