// SPDX-License-Identifier: Apache-2.0
// Says how likely the next bit is 1, bit by bit, and learns from what it was: counts of contexts of
// several lengths, weighed by a small network that learns too (context mixing). Deterministic, in
// integers only. Not for several threads.
#pragma once

#include <array>
#include <cstdint>

#include "radio/trunk/pack/journal.h"
#include "radio/trunk/pack/model_state.h"

namespace waypost::pack {

class Predictor {
  public:
    // Begins a text. `state` and `journal` must outlive the predictor; without a journal what it
    // learns stays.
    explicit Predictor(ModelState& state, Journal* journal = nullptr);

    Probability predict();
    void learn(bool bit);

  private:
    struct Guess {
        Slot* slot = nullptr;
        Probability* trust = nullptr;  // none: the context is new
    };

    template <class T>
    void keep(T& thing) {
        if (journal_) journal_->keep(&thing, sizeof thing);
    }

    void find_slots();
    Slot* find_hashed(int order);
    void choose_lines();
    void add_match_inputs();
    Logit mix();
    Probability refine(Logit mixed);
    void learn_weights(bool bit);
    void learn_slots(bool bit);
    void learn_refined(bool bit);
    void learn_match(bool bit);
    void end_byte();
    void hash_contexts();
    void find_match();

    ModelState& state_;
    Journal* journal_;

    std::uint32_t bits_ = 1;  // of this byte so far, behind a 1
    std::uint64_t last_ = 0;  // the last eight bytes, the newest lowest
    std::uint32_t word_ = 0;  // hash of the letters since the last space
    std::uint32_t word_before_ = 0;

    std::array<std::uint32_t, kHashedOrders> context_{};
    std::array<SlotLine*, kHashedOrders> line_{};
    std::array<std::uint32_t, kHashedOrders> tags_{};
    std::array<Guess, kOrders> guesses_{};
    int found_ = 0;  // hashed orders that know their context

    std::uint32_t match_ = 0;  // where history said the same; 0: nowhere
    int match_length_ = 0;
    Probability* match_trust_ = nullptr;

    std::array<Logit, kPaddedInputs> inputs_{};
    std::array<Weights*, 3> weights_{};
    std::array<Logit, 3> votes_{};
    std::array<Probability, 3> vote_probabilities_{};
    Weights* final_weights_ = nullptr;
    Probability mixed_ = 32768;
    std::array<Probability*, 2> knot_{};
};

}  // namespace waypost::pack
