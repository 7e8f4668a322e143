// SPDX-License-Identifier: Apache-2.0
// `service = amateur`: a radio of its own, under its operator's licence, on the amateurs' bands. No
// duty cycle holds there; what holds is who may be spoken for, and that anybody can read it:
//   ITU Radio Regulations 25.2A  nothing encoded to obscure its meaning
//                         25.3   nothing for third parties across borders, but in a disaster or
//                                where both administrations allow it
//                         25.9   the call sign at short intervals
//   47 CFR 97.113(a)(4)          nothing encoded to obscure its meaning; (a)(2), (3) no pay, no
//                                business of the operator's own
//          97.119(a)             the call sign at the end, and every ten minutes (station_id.h)
//          97.219(d)             who puts a message into a forwarding system knows its sender
//                                or answers for it himself
//          97.403                nothing of this where life or property is in danger and no other
//                                way is there
// Authentication hides nothing, so frames carry their tags as everywhere else.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "gateway/base/result.h"

namespace waypost {

enum class AmateurTraffic {
    Identification,  // the call sign
    LinkControl,     // in clear: reports, requests, time
    OwnMessage,      // of a licensed amateur, in clear
    Distress,        // an alarm, whoever raised it, in clear
    ScreenedMail,    // of a third party, in clear, and the operator has let it pass
    UnscreenedMail,  // of a third party
    NncpPacket,      // sealed by its sender: nobody here can read it
    Encrypted,       // any frame or message that is
};
// An Error with its reason if an amateur station may not send it.
Result<void> amateur_may_send(AmateurTraffic traffic);

struct AmateurBand {
    std::string_view region;  // "R1", "R2", "R3": ITU regions; "US"
    std::uint32_t from_hz, to_hz;
    int most_bandwidth_hz;  // of data
    bool verified;          // false: check it against the licence
    std::string_view source;
};
std::span<const AmateurBand> amateur_bands();
// An Error that says what to set if the whole signal lies in no band of the region.
Result<void> amateur_allows(std::string_view region, std::uint32_t frequency_hz, int bandwidth_hz);

// "DB0ABC", "9A1X": at most 6 letters and digits, at least one of each, the last a letter (RR 19,
// section III; AX.25 has room for 6), upper case.
bool is_call_sign(std::string_view text);

}  // namespace waypost
