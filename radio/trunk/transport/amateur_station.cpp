// SPDX-License-Identifier: Apache-2.0
#include "radio/trunk/transport/amateur_station.h"

#include "radio/airtime/amateur.h"

namespace waypost::trunk {
namespace {

using std::chrono::ceil;
using std::chrono::microseconds;

constexpr std::uint32_t kOurs = 0x8000'0000;  // the link counts its frames from 1
constexpr milliseconds kAgain{2000};
constexpr std::string_view kFrom = "DE ";

}  // namespace

AmateurStation::AmateurStation(const std::string& call_sign, bool in_each_frame, BoxTime now)
    : id_(call_sign, !in_each_frame, now), in_each_frame_(in_each_frame), number_(kOurs) {}

std::optional<FrameOut> AmateurStation::due(BoxTime now, microseconds airtime) const {
    if (!id_.due(now, ceil<milliseconds>(airtime))) return std::nullopt;
    return FrameOut{number_, id_.text(), {}};
}

void AmateurStation::sending(const FrameOut& frame, microseconds airtime, BoxTime now) {
    if (frame.id != number_) id_.sent(now, ceil<milliseconds>(airtime), in_each_frame_);
}

void AmateurStation::ended(const FrameReport& report, BoxTime now) {
    if (report.id != number_) return;
    number_ = (number_ + 1) | kOurs;
    if (was_on_air(report.fate))
        id_.sent(now, milliseconds(0), true);
    else
        not_before_ = now + kAgain;
}

void AmateurStation::end_communication() { id_.end_communication(); }

bool AmateurStation::heard(const FrameIn& frame) {
    const std::string_view bytes = frame.bytes;
    if (bytes.starts_with(kFrom) && is_call_sign(bytes.substr(kFrom.size()))) {
        heard_last_ = bytes.substr(kFrom.size());
        return true;
    }
    if (in_each_frame_ && !frame.from.empty()) heard_last_ = frame.from;
    return false;
}

}  // namespace waypost::trunk
