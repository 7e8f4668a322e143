// SPDX-License-Identifier: Apache-2.0
// What a primed model knows, as it lies in memory and in a model's file: plain integers, little
// endian, no pointers.
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <type_traits>

#include "radio/trunk/pack/logistic.h"

namespace waypost::pack {

static_assert(std::endian::native == std::endian::little, "models' files are little endian");

// Contexts: the last 0..6 characters, the word so far, and the word so far with the word before.
inline constexpr int kOrders = 9;
inline constexpr int kHashedOrders = kOrders - 2;  // 2 and up; 0 and 1 have a slot for each bit
inline constexpr std::size_t kSlots = std::size_t{1} << 18;  // of a hashed order
inline constexpr std::size_t kLineSlots = 16;
inline constexpr int kMaxSeen = 31;
inline constexpr std::size_t kHistory = std::size_t{1} << 20;
inline constexpr std::size_t kHistoryHashes = std::size_t{1} << 17;

// How often 1 followed a context.
struct Slot {
    Probability one = 32768;
    std::uint16_t seen_and_tag =
        0;  // low 5 bits: times seen, at most kMaxSeen; the rest: its context

    int seen() const { return seen_and_tag & kMaxSeen; }
    int tag() const { return seen_and_tag >> 5; }
};

struct alignas(64) SlotLine {
    std::array<Slot, kLineSlots> slots;
};

inline constexpr int kInputs = 2 * kOrders + 3;
inline constexpr std::size_t kPaddedInputs = 32;

struct alignas(64) Weights {
    std::array<std::int32_t, kPaddedInputs> of_input;  // in 65536ths
};

inline constexpr int kKnots = 33;
struct RefinedKnots {
    std::array<Probability, kKnots> knots;
};

struct alignas(64) ModelState {
    std::array<Slot, 256> order_0;
    std::array<Slot, 65536> order_1;
    std::array<std::array<SlotLine, kSlots / kLineSlots>, kHashedOrders> orders;
    // What a slot's word is worth: by order, times seen and its probability.
    std::array<std::array<std::array<Probability, 64>, kMaxSeen + 1>, kOrders> trust;
    std::array<std::array<Probability, 2>, 64> match_trust;  // by length of the match
    std::array<Weights, 256> weights_by_bits;
    std::array<Weights, 256> weights_by_last;
    std::array<Weights, 64> weights_by_found;
    std::array<Weights, 256> final_weights;
    std::array<RefinedKnots, 256> refined_by_bits;
    std::array<RefinedKnots, 4096> refined_by_last;
    std::array<std::uint32_t, kHistoryHashes> last_seen;
    std::array<std::uint8_t, kHistory> history;
    std::uint32_t position;  // where history goes on
    std::array<std::uint32_t, 15> unused;
};

static_assert(std::is_trivially_copyable_v<ModelState>);
static_assert(sizeof(ModelState) <= 10'000'000, "a model takes at most 10 MB");
static_assert(sizeof(ModelState) % 64 == 0);

// A model that knows nothing yet.
void clear(ModelState& state);

}  // namespace waypost::pack
