// SPDX-License-Identifier: Apache-2.0
#include "radio/trunk/transport/frame_tap.h"

#include "radio/trunk/frame_text.h"

namespace waypost::trunk {
namespace {

std::string words_of(const FrameReport& report) {
    static constexpr const char* kFates[] = {"",
                                             ", acknowledged",
                                             ", not acknowledged",
                                             ", no way to the modem",
                                             ", not sent: the channel is in use",
                                             ", not sent: no airtime",
                                             ", not sent: the modem has no room",
                                             ", not sent: too long",
                                             ", the modem failed"};
    const std::string fate = kFates[static_cast<std::size_t>(report.fate)];
    return report.retries == 0 ? fate
                               : fate + ", again " + std::to_string(report.retries) + " times";
}

std::string head(const std::string& bytes, bool call_sign) {
    return call_sign ? "call sign " + bytes : frame_text(bytes);
}

}  // namespace

void FrameTap::heard(const std::string& transport, const FrameIn& frame, bool call_sign,
                     WallTime now) {
    std::string text = head(frame.bytes, call_sign);
    if (!frame.from.empty()) text += " from " + frame.from;
    tail_.note({0, to_ms(now), transport, false, frame.bytes.size(), std::move(text), frame.snr_db,
                frame.rssi_dbm});
}

void FrameTap::sent(const std::string& transport, const FrameOut& frame, bool call_sign,
                    const FrameReport& report, WallTime now) {
    std::string text = head(frame.bytes, call_sign);
    if (!frame.to.empty()) text += " to " + frame.to;
    text += words_of(report);
    tail_.note({0, to_ms(now), transport, true, frame.bytes.size(), std::move(text), {}, {}});
}

}  // namespace waypost::trunk
