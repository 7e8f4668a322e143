// SPDX-License-Identifier: Apache-2.0
// What the owner asks of the driver.
#include "radio/lora_modem/rn2483/driver.h"

#include "radio/lora_modem/serial_time.h"

namespace waypost::rn2483 {
namespace {

constexpr milliseconds kProcessing{20};  // from the last bit on air to the first on the line
constexpr milliseconds kTurn{5};         // an answer through the host and a short command back

using lora_modem::serial_time;

}  // namespace

RadioActions Driver::opened(BoxTime now) {
    RadioActions actions;
    actions.baud = kBaud;
    version_.clear();
    identify(now, actions);
    return actions;
}

RadioActions Driver::closed(BoxTime) {
    RadioActions actions;
    actions.changed = ready();
    report(FrameFate::Failed, actions);
    deliver(actions);
    phase_ = Phase::Closed;
    dialogue_.stop();
    reader_.reset();
    return actions;
}

RadioActions Driver::received(std::string_view bytes, BoxTime now) {
    RadioActions actions;
    if (phase_ == Phase::Closed) return actions;
    for (const Line& each : reader_.feed(bytes)) {
        if (ready()) {
            line(each, now, actions);
        } else {
            set_up_line(each, now, actions);
        }
    }
    return actions;
}

RadioActions Driver::send(FrameOut frame, BoxTime now) {
    RadioActions actions;
    const auto no = [&](FrameFate fate) { actions.reports.push_back({frame.id, fate}); };
    if (frame.bytes.empty() || frame.bytes.size() > kMostPayload) {
        no(FrameFate::TooLong);
    } else if (!ready() || !frame.to.empty()) {
        no(FrameFate::Failed);
    } else if (out_) {
        no(FrameFate::NoRoom);
    } else {
        out_ = std::move(frame);
        tries_ = 0;
        if (phase_ == Phase::Listen) stop_listening(now, actions);
    }
    return actions;
}

BoxTime Driver::next_tick() const { return phase_ == Phase::Closed ? BoxTime::max() : due_; }

FrameLimits Driver::limits() const {
    // radio_rx and the hex; then `radio get snr`, `radio get rssi` and `radio rx 0` with answers.
    const milliseconds packet = serial_time(12 + 2 * kMostPayload, kBaud) + kProcessing;
    const milliseconds asked = ask_quality_ ? serial_time(45, kBaud) + 2 * kTurn : milliseconds(0);
    FrameLimits limits;
    limits.payload = kMostPayload;
    limits.deaf = packet + asked + serial_time(16, kBaud) + kTurn;
    limits.latency = 2 * packet + serial_time(18, kBaud) + kTurn;
    return limits;
}

std::chrono::microseconds Driver::airtime(std::size_t bytes) const {
    return time_on_air(settings_.lora, bytes);
}

}  // namespace waypost::rn2483
