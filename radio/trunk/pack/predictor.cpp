// SPDX-License-Identifier: Apache-2.0
#include "radio/trunk/pack/predictor.h"

#include <algorithm>

namespace waypost::pack {
namespace {

// 65536 / (n + 1.5): how far a slot that was seen n times goes towards what it sees now.
constexpr std::array<std::int32_t, kMaxSeen + 1> kPace = {
    43691, 26214, 18725, 14564, 11916, 10082, 8738, 7710, 6899, 6242, 5699,
    5243,  4855,  4520,  4228,  3972,  3745,  3542, 3361, 3197, 3048, 2913,
    2789,  2675,  2570,  2473,  2383,  2300,  2222, 2149, 2081, 2016};

constexpr int kProbes = 8;      // slots of a line that may hold a context
constexpr int kMatchBytes = 6;  // that must be the same before a match counts
constexpr int kTrustShift = 6;
constexpr int kRefineShift = 6;
constexpr int kWeightPace = 4;
constexpr int kFinalPace = 2;

constexpr std::uint32_t scrambled(std::uint32_t x) {
    x ^= x >> 16;
    x *= 0x85EB'CA6B;
    x ^= x >> 13;
    x *= 0xC2B2'AE35;
    return x ^ x >> 16;
}

constexpr std::uint32_t joined(std::uint32_t hash, std::uint32_t next) {
    return (hash + next + 1) * 0x2F0B'4C47 ^ hash >> 15;
}

void move(Probability& p, bool bit, std::int32_t pace) {
    const std::int32_t target = bit ? 65535 : 0;
    p = static_cast<Probability>(std::clamp(p + ((target - p) * (pace >> 2) >> 14), 1, 65535));
}

void step(Probability& p, bool bit, int shift) {
    p = static_cast<Probability>(bit ? p + ((65535 - p) >> shift) : std::max(p - (p >> shift), 1));
}

bool is_letter(std::uint32_t byte) {
    return byte >= 0x80 || (byte | 0x20) - 'a' < 26 || byte == '\'';
}

std::int64_t weighed(const Weights& weights, const std::array<Logit, kPaddedInputs>& inputs) {
    std::int64_t sum = 0;
    for (std::size_t i = 0; i < kInputs; ++i) sum += std::int64_t{weights.of_input[i]} * inputs[i];
    return sum;
}

}  // namespace

void clear(ModelState& state) {
    state = ModelState{};
    const auto even = [](auto& slots) { std::fill(slots.begin(), slots.end(), Slot{}); };
    even(state.order_0);
    even(state.order_1);
    for (auto& order : state.orders)
        for (SlotLine& line : order) even(line.slots);
    for (auto& order : state.trust)
        for (auto& seen : order)
            for (std::size_t i = 0; i < seen.size(); ++i)
                seen[i] = static_cast<Probability>(i * 1024 + 512);
    for (std::size_t i = 0; i < state.match_trust.size(); ++i)
        state.match_trust[i] = {static_cast<Probability>(16384 / (i + 1)),
                                static_cast<Probability>(65535 - 16384 / (i + 1))};
    const auto equal = [](auto& sets, std::int32_t each) {
        for (Weights& set : sets) set.of_input.fill(each);
    };
    equal(state.weights_by_bits, 65536 / 5);
    equal(state.weights_by_last, 65536 / 5);
    equal(state.weights_by_found, 65536 / 5);
    equal(state.final_weights, 65536 / 3);
    const auto straight = [](auto& sets) {
        for (RefinedKnots& set : sets)
            for (int i = 0; i < kKnots; ++i)
                set.knots[static_cast<std::size_t>(i)] = squash((i - 16) * 128);
    };
    straight(state.refined_by_bits);
    straight(state.refined_by_last);
    state.position = 1;
}

Predictor::Predictor(ModelState& state, Journal* journal) : state_(state), journal_(journal) {
    last_ = '\n';
    hash_contexts();
    choose_lines();
}

void Predictor::hash_contexts() {
    std::uint32_t hash = static_cast<std::uint32_t>(last_ & 0xFF);
    for (std::uint32_t length = 2; length <= 6; ++length) {
        hash = joined(hash, static_cast<std::uint32_t>(last_ >> (8 * (length - 1)) & 0xFF));
        context_[length - 2] = scrambled(hash + length * 0x9E37'79B9);
    }
    context_[5] = scrambled(joined(word_, static_cast<std::uint32_t>(last_ & 0xFF)) + 0x51ED);
    context_[6] = scrambled(joined(joined(word_, word_before_), 0x77));
}

// A context's slots of half a byte lie in one line of memory.
void Predictor::choose_lines() {
    for (std::size_t i = 0; i < kHashedOrders; ++i) {
        const std::uint32_t hash = scrambled(context_[i] + bits_ * 0x9E37'79B1);
        line_[i] = &state_.orders[i][hash % (kSlots / kLineSlots)];
        tags_[i] = hash >> 14;
    }
}

Slot* Predictor::find_hashed(int order) {
    const auto index = static_cast<std::size_t>(order);
    SlotLine& line = *line_[index];
    const std::uint32_t mixed = (tags_[index] + bits_ * 0x3D4D'51CB) * 0x9E37'79B1;
    const int tag = static_cast<int>(mixed >> 21);
    const std::uint32_t first = mixed >> 12;
    Slot* poorest = nullptr;
    for (std::uint32_t i = 0; i < kProbes; ++i) {
        Slot& slot = line.slots[(first + i) % kLineSlots];
        if (slot.tag() == tag && slot.seen() > 0) return &slot;
        if (!poorest || slot.seen() < poorest->seen()) poorest = &slot;
    }
    keep(line);
    poorest->one = 32768;
    poorest->seen_and_tag = static_cast<std::uint16_t>(tag << 5);
    return poorest;
}

void Predictor::find_slots() {
    guesses_[0].slot = &state_.order_0[bits_];
    guesses_[1].slot = &state_.order_1[(last_ & 0xFF) << 8 | bits_];
    for (int i = 0; i < kHashedOrders; ++i)
        guesses_[static_cast<std::size_t>(i + 2)].slot = find_hashed(i);
    found_ = 0;
    for (std::size_t i = 0; i < kOrders; ++i) {
        Guess& guess = guesses_[i];
        const int seen = guess.slot->seen();
        guess.trust = nullptr;
        inputs_[2 * i] = inputs_[2 * i + 1] = 0;
        if (seen == 0) continue;
        if (i >= 2) ++found_;
        guess.trust = &state_.trust[i][static_cast<std::size_t>(seen)][guess.slot->one >> 10];
        inputs_[2 * i] = stretch(guess.slot->one);
        inputs_[2 * i + 1] = stretch(*guess.trust);
    }
}

void Predictor::add_match_inputs() {
    Logit* inputs = &inputs_[2 * kOrders];
    inputs[0] = inputs[1] = 0;
    inputs[2] = 256;
    match_trust_ = nullptr;
    if (match_ == 0) return;
    const std::uint32_t expected = state_.history[match_] | 0x100u;
    const int shift = std::countl_zero(bits_) - 23;  // bits still to come
    if (expected >> shift != bits_) {
        match_ = 0;
        match_length_ = 0;
        return;
    }
    const std::uint32_t bit = expected >> (shift - 1) & 1;
    match_trust_ = &state_.match_trust[static_cast<std::size_t>(std::min(match_length_, 63))][bit];
    inputs[0] = stretch(*match_trust_);
    inputs[1] = (*match_trust_ - 32768) / 32;
}

Logit Predictor::mix() {
    const int match_level = match_ == 0 ? 0 : match_length_ < 12 ? 1 : match_length_ < 24 ? 2 : 3;
    weights_ = {&state_.weights_by_bits[bits_], &state_.weights_by_last[last_ & 0xFF],
                &state_.weights_by_found[static_cast<std::size_t>(match_level * 16 + found_)]};
    final_weights_ = &state_.final_weights[bits_];
    std::int64_t sum = 0;
    for (std::size_t i = 0; i < weights_.size(); ++i) {
        votes_[i] = static_cast<Logit>(
            std::clamp<std::int64_t>(weighed(*weights_[i], inputs_) >> 16, -kMaxLogit, kMaxLogit));
        vote_probabilities_[i] = squash(votes_[i]);
        sum += std::int64_t{final_weights_->of_input[i]} * votes_[i];
    }
    return static_cast<Logit>(std::clamp<std::int64_t>(sum >> 16, -kMaxLogit, kMaxLogit));
}

Probability Predictor::refine(Logit mixed) {
    const auto at = static_cast<std::size_t>(mixed + 2048);
    const auto between = static_cast<std::uint32_t>(at % 128);
    const std::uint32_t by_last =
        scrambled(static_cast<std::uint32_t>(last_ & 0xFF) << 8 | bits_) % 4096;
    const std::array<RefinedKnots*, 2> sets = {&state_.refined_by_bits[bits_],
                                               &state_.refined_by_last[by_last]};
    std::uint32_t sum = 2u * mixed_;
    for (std::size_t i = 0; i < sets.size(); ++i) {
        Probability* low = &sets[i]->knots[at / 128];
        sum += (low[0] * (128 - between) + low[1] * between) / 128;
        knot_[i] = between < 64 ? low : low + 1;
    }
    return static_cast<Probability>(std::clamp<std::uint32_t>(sum / 4, 16, 65520));
}

Probability Predictor::predict() {
    find_slots();
    add_match_inputs();
    const Logit mixed = mix();
    mixed_ = squash(mixed);
    return refine(mixed);
}

void Predictor::learn_weights(bool bit) {
    const std::int32_t truth = bit ? 65535 : 0;
    const std::int32_t final_step = (truth - mixed_) * kFinalPace / 16;
    keep(*final_weights_);
    for (std::size_t i = 0; i < weights_.size(); ++i) {
        final_weights_->of_input[i] += (votes_[i] * final_step + 0x2000) >> 14;
        keep(*weights_[i]);
        const std::int32_t step = (truth - vote_probabilities_[i]) * kWeightPace / 16;
        for (std::size_t k = 0; k < kInputs; ++k)
            weights_[i]->of_input[k] += (inputs_[k] * step + 0x2000) >> 14;
    }
}

void Predictor::learn_slots(bool bit) {
    for (Guess& guess : guesses_) {
        keep(*guess.slot);
        if (guess.trust) {
            keep(*guess.trust);
            step(*guess.trust, bit, kTrustShift);
        }
        move(guess.slot->one, bit, kPace[static_cast<std::size_t>(guess.slot->seen())]);
        if (guess.slot->seen() < kMaxSeen) ++guess.slot->seen_and_tag;
    }
}

void Predictor::learn_refined(bool bit) {
    for (Probability* knot : knot_) {
        keep(*knot);
        step(*knot, bit, kRefineShift);
    }
}

void Predictor::learn_match(bool bit) {
    if (!match_trust_) return;
    keep(*match_trust_);
    step(*match_trust_, bit, kTrustShift);
}

void Predictor::learn(bool bit) {
    learn_weights(bit);
    learn_slots(bit);
    learn_refined(bit);
    learn_match(bit);
    bits_ = bits_ << 1 | (bit ? 1 : 0);
    if (bits_ >= 256)
        end_byte();
    else if (bits_ >= 16 && bits_ < 32)
        choose_lines();
}

void Predictor::end_byte() {
    const std::uint32_t byte = bits_ & 0xFF;
    last_ = last_ << 8 | byte;
    bits_ = 1;
    if (is_letter(byte)) {
        const std::uint32_t lower = byte - 'A' < 26 ? byte | 0x20 : byte;
        word_ = joined(word_, lower);
    } else if (word_ != 0) {
        word_before_ = word_;
        word_ = 0;
    }
    hash_contexts();
    choose_lines();
    find_match();
}

void Predictor::find_match() {
    keep(state_.position);
    keep(state_.history[state_.position]);
    state_.history[state_.position] = static_cast<std::uint8_t>(last_ & 0xFF);
    state_.position = state_.position + 1 == kHistory ? 1 : state_.position + 1;
    if (match_ != 0) {
        ++match_length_;
        if (++match_ == kHistory) match_ = 0;
    }
    std::uint32_t& entry = state_.last_seen[scrambled(context_[4]) % kHistoryHashes];
    if (match_ == 0) {
        match_ = entry;
        match_length_ = 0;
        while (match_length_ < 63 && static_cast<std::uint32_t>(match_length_) + 1 < match_ &&
               static_cast<std::uint32_t>(match_length_) + 1 < state_.position &&
               state_.history[match_ - 1 - static_cast<std::uint32_t>(match_length_)] ==
                   state_.history[state_.position - 1 - static_cast<std::uint32_t>(match_length_)])
            ++match_length_;
        if (match_length_ < kMatchBytes) match_ = 0;
    }
    keep(entry);
    entry = state_.position;
}

}  // namespace waypost::pack
