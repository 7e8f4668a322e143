// SPDX-License-Identifier: Apache-2.0
// When an amateur station has to say its call sign: at least every ten minutes while it transmits,
// and at the end of a communication (47 CFR 97.119(a); ITU RR 25.9). Who sends asks due() before
// each frame, sends text() first if it is, and tells sent(). Frames that have the call sign in
// clear in each of them (AX.25) owe nothing. Box time, one thread.
#pragma once

#include <string>

#include "gateway/base/clock.h"

namespace waypost {

class StationId {
  public:
    static constexpr std::chrono::minutes kEvery{10};
    // A communication has ended when nothing was sent for so long and nobody said so before.
    static constexpr std::chrono::seconds kQuiet{30};

    // Throws std::runtime_error with a sentence if is_call_sign() says no. `owes`: as owes() was
    // when the box stopped, or true if that is not known.
    explicit StationId(std::string call_sign, bool owes, BoxTime now);

    std::string text() const { return "DE " + call_sign_; }  // ASCII, for a frame in clear
    // A frame of `airtime` goes on air. One that failed may not be told: then it is owed once more.
    void sent(BoxTime now, milliseconds airtime, bool has_call_sign);
    // Nothing more will be sent for now.
    void end_communication() { ended_ = true; }
    // The call sign must go before a frame of `airtime` (0: there is none) does.
    bool due(BoxTime now, milliseconds airtime = milliseconds(0)) const;
    BoxTime next_due() const;  // BoxTime::max(): nothing is owed
    bool owes() const { return owes_; }

  private:
    std::string call_sign_;
    bool owes_ = false;  // something was sent that no call sign followed
    bool ended_ = false;
    BoxTime since_{};  // the first of it began
    BoxTime last_{};   // the last of it ended
};

}  // namespace waypost
