// SPDX-License-Identifier: Apache-2.0
// The call sign of an amateur station on its radio: a frame of its own in clear, "DE DB0ABC", as
// often as the law asks for (radio/airtime/station_id.h); where the modem has it in each frame
// (AX.25), nothing is owed. After a restart it is not known what was sent before, so it is owed. No
// line, no clock; one thread.
#pragma once

#include <optional>
#include <string>

#include "radio/airtime/station_id.h"
#include "radio/frame_radio.h"

namespace waypost::trunk {

class AmateurStation {
  public:
    // Throws std::runtime_error with a sentence if that is no call sign.
    AmateurStation(const std::string& call_sign, bool in_each_frame, BoxTime now);

    // The call sign, if it has to go before a frame of `airtime` (0: there is none) does. Its id is
    // none of the link's.
    std::optional<FrameOut> due(BoxTime now, std::chrono::microseconds airtime) const;
    // It could not be sent just now: nothing goes before it, and it goes a little later.
    bool must_wait(BoxTime now) const { return now < not_before_; }
    // A frame goes to the modem, and what became of it. Of ids that are not ours nothing happens.
    void sending(const FrameOut& frame, std::chrono::microseconds airtime, BoxTime now);
    void ended(const FrameReport& report, BoxTime now);
    void end_communication();
    bool owes() const { return id_.owes(); }

    // True: it is the call sign of another station, and nothing for the link.
    bool heard(const FrameIn& frame);
    const std::string& heard_last() const { return heard_last_; }  // empty: none yet
    std::string text() const { return id_.text(); }

  private:
    StationId id_;
    const bool in_each_frame_;
    std::uint32_t number_;
    BoxTime not_before_{};
    std::string heard_last_;
};

}  // namespace waypost::trunk
