// SPDX-License-Identifier: Apache-2.0
#include "radio/rnode/rnode_radio.h"

namespace waypost::rnode {
namespace {

using std::chrono::seconds;

constexpr seconds kBoot{2};       // many boards start again when their line is opened
constexpr seconds kTryAgain{30};  // after a refusal: somebody may have changed the device
constexpr seconds kChannel{15};   // for which the firmware may wait until nobody else sends
constexpr int kAttempts = 3;

}  // namespace

RnodeRadio::RnodeRadio(Options options) : options_(options) {
    const LoraParams& lora = options_.lora;
    const auto value = [](int v) { return static_cast<std::uint32_t>(v); };
    settings_ = {{kFrequency, "frequency", options_.frequency_hz, 4},
                 {kBandwidth, "bandwidth", value(lora.bandwidth_hz), 4},
                 {kTxPower, "power_dbm", value(options_.power_dbm), 1},
                 {kSpreadingFactor, "spreading factor", value(lora.spreading_factor), 1},
                 {kCodingRate, "coding rate", value(lora.coding_rate), 1}};
    if (options_.short_airtime)
        settings_.push_back({kShortAirtime, "airtime_short", *options_.short_airtime, 2});
    if (options_.long_airtime)
        settings_.push_back({kLongAirtime, "airtime_hour", *options_.long_airtime, 2});
    why_ = "the line to the RNode is not open";
}

void RnodeRadio::enter(Phase phase, BoxTime until, std::string why, RadioActions& actions) {
    phase_ = phase;
    deadline_ = until;
    why_ = std::move(why);
    actions.changed = true;
}

RadioActions RnodeRadio::opened(BoxTime now) {
    RadioActions actions;
    parser_.reset();
    attempts_ = silent_ = 0;
    enter(Phase::Booting, now + kBoot, "the RNode is starting", actions);
    return actions;
}

RadioActions RnodeRadio::closed(BoxTime now) {
    RadioActions actions;
    finish(FrameFate::Failed, now, actions);
    enter(Phase::Closed, BoxTime::max(), "the line to the RNode is not open", actions);
    return actions;
}

void RnodeRadio::detect(BoxTime now, RadioActions& actions) {
    detected_ = asked_ = false;
    firmware_.reset();
    platform_.reset();
    const std::string ask(1, '\0');
    actions.write += command(kDetect, {kDetectAsk}) + command(kFirmware, ask) +
                     command(kPlatform, ask) + command(kMcu, ask);
    enter(Phase::Detecting, now + kAnswer, "no RNode has answered on this line yet", actions);
}

void RnodeRadio::configure(BoxTime now, RadioActions& actions) {
    attempts_ = 0;
    for (Setting& setting : settings_) {
        setting.confirmed = false;
        actions.write += command(setting.command, big_endian(setting.wanted, setting.bytes));
    }
    enter(Phase::Configuring, now + kAnswer, "the RNode is being set up", actions);
}

void RnodeRadio::refuse(std::string why, BoxTime now, RadioActions& actions) {
    finish(FrameFate::Failed, now, actions);
    enter(Phase::Refused, now + kTryAgain, std::move(why), actions);
}

void RnodeRadio::begin_again(BoxTime now, const std::string& why, RadioActions& actions) {
    finish(FrameFate::Failed, now, actions);
    parser_.reset();
    enter(Phase::Booting, now + kBoot, why, actions);
}

void RnodeRadio::finish(FrameFate fate, BoxTime now, RadioActions& actions) {
    if (!in_hand_) return;
    actions.reports.push_back({*in_hand_, fate});
    actions.changed = true;
    in_hand_.reset();
    deadline_ = now + kAskAlive;
}

RadioActions RnodeRadio::send(FrameOut frame, BoxTime now) {
    RadioActions actions;
    const auto refuse_frame = [&](FrameFate fate) { actions.reports.push_back({frame.id, fate}); };
    if (!ready() || frame.bytes.empty() || !frame.to.empty()) {
        refuse_frame(FrameFate::Failed);
    } else if (frame.bytes.size() > limits().payload) {
        refuse_frame(FrameFate::TooLong);
    } else if (room() == 0) {
        refuse_frame(FrameFate::NoRoom);
    } else {
        actions.write = command(kData, frame.bytes);
        in_hand_ = frame.id;
        deadline_ = now + std::chrono::ceil<milliseconds>(airtime(frame.bytes.size())) + kChannel;
    }
    return actions;
}

RadioActions RnodeRadio::tick(BoxTime now) {
    RadioActions actions;
    if (now < deadline_) return actions;
    switch (phase_) {
        case Phase::Closed:
            deadline_ = BoxTime::max();
            break;
        case Phase::Booting:
        case Phase::Refused:
            detect(now, actions);
            break;
        case Phase::Detecting:
            if (++attempts_ < kAttempts) {
                detect(now, actions);
            } else {
                actions.reopen = true;
                refuse("no RNode answers on this line", now, actions);
            }
            break;
        case Phase::Configuring:
        case Phase::Starting:
            refuse("the RNode does not confirm what it is told", now, actions);
            break;
        case Phase::Ready:
            if (in_hand_) {
                // Whether it was on air is not known.
                finish(FrameFate::Failed, now, actions);
                if (++silent_ < kAttempts) break;
            } else if (!asked_) {
                asked_ = true;
                actions.write = command(kDetect, {kDetectAsk});
                deadline_ = now + kAnswer;
                break;
            }
            actions.reopen = true;
            refuse("the RNode does not answer any more", now, actions);
    }
    return actions;
}

FrameLimits RnodeRadio::limits() const {
    FrameLimits limits;
    limits.payload = options_.two_frames ? kTwoFrames : kOneFrame;
    limits.latency = milliseconds(20);
    limits.keeps_law = options_.short_airtime || options_.long_airtime;
    return limits;
}

std::chrono::microseconds RnodeRadio::airtime(std::size_t bytes) const {
    const std::size_t first = std::min(bytes, kOneFrame);
    const auto rest = bytes > first ? time_on_air(options_.lora, bytes - first + 1)
                                    : std::chrono::microseconds(0);
    return time_on_air(options_.lora, first + 1) + rest;
}

std::map<std::string, std::string> RnodeRadio::details() const {
    std::map<std::string, std::string> all;
    if (!firmware_) return all;
    const std::string minor = std::to_string(*firmware_ & 255);
    all["firmware"] =
        std::to_string(*firmware_ >> 8) + '.' + std::string(minor.size() < 2 ? 1 : 0, '0') + minor;
    if (platform_) {
        all["platform"] = *platform_ == 0x90   ? "AVR"
                          : *platform_ == 0x80 ? "ESP32"
                          : *platform_ == 0x70 ? "nRF52"
                                               : "unknown";
    }
    if (!channel_use_.empty()) all["channel use"] = channel_use_;
    all["preamble"] = std::to_string(options_.lora.preamble_symbols);
    return all;
}

}  // namespace waypost::rnode
