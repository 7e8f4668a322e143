// SPDX-License-Identifier: Apache-2.0
// Probabilities and the logistic domain they are mixed in, in integers only: each end and each
// processor must come to the same bits. Pure.
#pragma once

#include <array>
#include <cstdint>

namespace waypost::pack {

// A probability that the next bit is 1, in 65536ths: 1..65535.
using Probability = std::uint16_t;

// ln(p / (1 - p)) in 256ths: -2047..2047.
using Logit = std::int32_t;

inline constexpr Logit kMaxLogit = 2047;

namespace logistic_tables {

// 65536 / (1 + exp(-x / 256)) for x = -2048, -1920, ..., 2048.
inline constexpr std::array<std::int32_t, 33> kSquashKnots = {
    22,    36,    60,    98,    162,   267,   439,   720,   1179,  1921,  3108,
    4971,  7812,  11955, 17625, 24743, 32768, 40793, 47911, 53581, 57724, 60565,
    62428, 63615, 64357, 64816, 65097, 65269, 65374, 65438, 65476, 65500, 65514};

constexpr std::int32_t squash(Logit x) {
    const std::int32_t above = x + 2048;
    const auto knot = static_cast<std::size_t>(above / 128);
    const std::int32_t low = kSquashKnots[knot];
    return low + (kSquashKnots[knot + 1] - low) * (above % 128) / 128;
}

constexpr std::array<Probability, 4096> all_squashed() {
    std::array<Probability, 4096> table{};
    for (std::int32_t x = -2048; x < 2048; ++x)
        table[static_cast<std::size_t>(x + 2048)] = static_cast<Probability>(squash(x));
    return table;
}

// The smallest logit whose probability is not below the middle of each 4096th.
constexpr std::array<std::int16_t, 4096> all_stretched() {
    std::array<std::int16_t, 4096> table{};
    Logit x = -kMaxLogit;
    for (std::int32_t p = 0; p < 4096; ++p) {
        while (x < kMaxLogit && squash(x) < p * 16 + 8) ++x;
        table[static_cast<std::size_t>(p)] = static_cast<std::int16_t>(x);
    }
    return table;
}

inline constexpr auto kSquashed = all_squashed();
inline constexpr auto kStretched = all_stretched();

}  // namespace logistic_tables

constexpr Logit clamp_logit(Logit x) {
    if (x > kMaxLogit) return kMaxLogit;
    return x < -kMaxLogit ? -kMaxLogit : x;
}

constexpr Probability squash(Logit x) {
    return logistic_tables::kSquashed[static_cast<std::size_t>(clamp_logit(x) + 2048)];
}

constexpr Logit stretch(Probability p) { return logistic_tables::kStretched[p >> 4]; }

}  // namespace waypost::pack
