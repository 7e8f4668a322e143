// SPDX-License-Identifier: Apache-2.0
// Frames, once the module is set up.
#include "radio/lora_modem/e22/driver.h"

#include <algorithm>
#include <charconv>

#include "radio/framing/cobs_frames.h"
#include "radio/lora_modem/lora_settings.h"
#include "radio/lora_modem/serial_time.h"

namespace waypost::e22 {
namespace {

using lora_modem::serial_time;
using std::chrono::microseconds;

constexpr std::size_t kHeader = 16;        // bytes of the module's own on air, as a guess
constexpr milliseconds kPreamble{20};      // likewise
constexpr milliseconds kSilence{40};       // longer than within a packet, with what USB adds
constexpr milliseconds kAfterAirtime{30};  // until it sends the next at once

std::size_t most_payload() {
    std::size_t bytes = kSubPacket;
    while (cobs_frame_size(bytes) > kSubPacket) --bytes;
    return bytes;
}

bool take_number(std::string_view& text, long& value) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc()) return false;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    return true;
}

bool take_sign(std::string_view& text, char sign) {
    if (text.empty() || text.front() != sign) return false;
    text.remove_prefix(1);
    return true;
}

}  // namespace

Driver::Driver(const ModemSettings& settings)
    : wanted_(settings),
      configured_(lora_modem::choice(settings, "configured", {"no", "yes"}) == "yes"),
      keep_(lora_modem::choice(settings, "keep", {"no", "yes"}) == "yes"),
      measured_(measurements(settings)),
      receiver_(lora_modem::choice(settings, "rssi", {"yes", "no"}) == "yes" || !configured_) {
    lora_modem::require_known(
        settings, {"air_rate", "baud", "power_steps", "keep", "configured", "rssi", "measured"});
}

std::vector<Driver::Measured> Driver::measurements(const ModemSettings& settings) const {
    const auto found = settings.more.find("measured");
    if (found == settings.more.end()) return {};
    std::string_view text = found->second;
    long small = 0, small_ms = 0, large = 0, large_ms = 0;
    const bool read = take_number(text, small) && take_sign(text, ':') &&
                      take_number(text, small_ms) && take_sign(text, ',') &&
                      take_number(text, large) && take_sign(text, ':') &&
                      take_number(text, large_ms) && text.empty();
    const bool sense = read && small > 0 && large > small && small_ms > 0 && large_ms > small_ms &&
                       large <= 1'000 && large_ms <= 600'000;
    if (!sense) {
        lora_modem::refuse(
            "measured is BYTES:MS,BYTES:MS of a short frame and a long one, as in "
            "10:210,200:980; not \"" +
            found->second + '"');
    }
    return {{static_cast<std::size_t>(small), milliseconds(small_ms)},
            {static_cast<std::size_t>(large), milliseconds(large_ms)}};
}

RadioActions Driver::opened(BoxTime now) {
    RadioActions actions;
    known_ = entered_ = false;
    last_bytes_ = now;
    if (configured_) {
        go_ready(actions);
    } else {
        phase_ = Phase::Closed;
        ask(Phase::Ask, now, actions);
    }
    return actions;
}

RadioActions Driver::closed(BoxTime) {
    RadioActions actions;
    actions.changed = ready();
    report(FrameFate::Failed, actions);
    heard(receiver_.give_up_begun(), actions);
    phase_ = Phase::Closed;
    return actions;
}

RadioActions Driver::received(std::string_view bytes, BoxTime now) {
    RadioActions actions;
    if (phase_ == Phase::Closed || phase_ == Phase::Down) return actions;
    if (!ready()) {
        set_up_bytes(bytes, now, actions);
        return actions;
    }
    if (!silence_told_ && now - last_bytes_ >= kSilence) heard(receiver_.silence(), actions);
    last_bytes_ = now;
    silence_told_ = false;
    heard(receiver_.feed(bytes), actions);
    return actions;
}

void Driver::heard(std::vector<FrameIn> frames, RadioActions& actions) {
    for (FrameIn& frame : frames) actions.heard.push_back(std::move(frame));
    actions.broken += receiver_.take_broken();
}

RadioActions Driver::send(FrameOut frame, BoxTime now) {
    RadioActions actions;
    const auto no = [&](FrameFate fate) { actions.reports.push_back({frame.id, fate}); };
    if (frame.bytes.empty() || frame.bytes.size() > most_payload()) {
        no(FrameFate::TooLong);
    } else if (!ready() || !frame.to.empty()) {
        no(FrameFate::Failed);
    } else if (in_hand_) {
        no(FrameFate::NoRoom);
    } else {
        actions.write = cobs_frame(frame.bytes);
        due_ = now + serial_time(actions.write.size(), wanted_.baud) + kAfterAirtime +
               std::chrono::ceil<milliseconds>(airtime(frame.bytes.size()));
        in_hand_ = frame.id;
    }
    return actions;
}

RadioActions Driver::tick(BoxTime now) {
    RadioActions actions;
    if (phase_ == Phase::Closed || now < next_tick()) return actions;
    if (ready()) {
        if (!silence_told_ && now - last_bytes_ >= kSilence) {
            silence_told_ = true;
            heard(receiver_.silence(), actions);
        }
        if (receiver_.begun() && now >= cut_at()) heard(receiver_.give_up_begun(), actions);
        if (now >= due_) report(FrameFate::Sent, actions);
    } else if (phase_ == Phase::Down) {
        ask(Phase::Ask, now, actions);
    } else {
        unanswered(now, actions);
    }
    return actions;
}

BoxTime Driver::next_tick() const {
    if (phase_ == Phase::Closed) return BoxTime::max();
    if (!ready()) return due_;
    if (!silence_told_) return std::min(due_, last_bytes_ + kSilence);
    return receiver_.begun() ? std::min(due_, cut_at()) : due_;
}

void Driver::report(FrameFate fate, RadioActions& actions) {
    due_ = BoxTime::max();
    if (!in_hand_) return;
    actions.reports.push_back({*in_hand_, fate});
    actions.changed = true;
    in_hand_.reset();
}

BoxTime Driver::cut_at() const {
    const milliseconds frame = std::chrono::ceil<milliseconds>(airtime(most_payload()));
    return last_bytes_ + kSilence + 2 * frame;
}

FrameLimits Driver::limits() const {
    FrameLimits limits;
    limits.payload = most_payload();
    limits.deaf = milliseconds(20);  // it goes on listening while it hands over
    limits.latency = 2 * serial_time(kSubPacket, wanted_.baud) + kSilence;
    return limits;
}

microseconds Driver::airtime(std::size_t bytes) const {
    microseconds once;
    if (measured_.empty()) {
        const auto bits = static_cast<std::int64_t>(8 * (cobs_frame_size(bytes) + kHeader));
        once = kPreamble + microseconds(bits * 1'000'000 / wanted_.bits_per_second);
    } else {
        const Measured& small = measured_.front();
        const Measured& large = measured_.back();
        const microseconds slope = microseconds(large.time - small.time) /
                                   static_cast<std::int64_t>(large.bytes - small.bytes);
        const auto more = static_cast<std::int64_t>(bytes) - static_cast<std::int64_t>(small.bytes);
        once = std::max(microseconds(small.time) / 4, microseconds(small.time) + slope * more);
    }
    return once + once / 10;
}

}  // namespace waypost::e22
