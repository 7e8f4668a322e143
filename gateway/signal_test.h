// SPDX-License-Identifier: Apache-2.0
// What a radio network may offer beside messages: a probe to one node and its answer, which say how
// well each radio on the way heard the one before it.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "gateway/base/clock.h"
#include "gateway/base/result.h"
#include "gateway/message/address.h"

namespace waypost {

struct SignalTest {
    enum class State { Waits, Answered, Silent };
    struct Leg {
        Address from, to;             // empty: a radio that did not say who it is
        std::optional<float> snr_db;  // as `to` heard it; nullopt: not known
    };
    State state = State::Waits;
    Address node;
    BoxTime asked{};
    std::string why;                    // of Silent, where the device says it; one sentence
    std::chrono::milliseconds took{0};  // of Answered
    std::vector<Leg> legs;              // of Answered: there, then back
};

// Any thread; nothing waits for the answer.
class TestsSignal {
  public:
    virtual ~TestsSignal() = default;
    // One probe, in place of the last test. Busy: the radio does not work just now, one is under
    // way, it is too soon after the last, or there is no airtime. BadInput: no node of this
    // network.
    virtual Result<void> test_signal(const Address& node) = 0;
    virtual std::optional<SignalTest> signal_test() const = 0;  // the last one
};

}  // namespace waypost
