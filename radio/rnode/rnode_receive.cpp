// SPDX-License-Identifier: Apache-2.0
// What an RNode says.
#include <algorithm>
#include <cstdio>

#include "radio/rnode/rnode_radio.h"

namespace waypost::rnode {
namespace {

constexpr std::uint32_t kOldestFirmware = 1 << 8 | 52;
constexpr std::uint32_t kTuningError = 100;  // Hz: what the synthesiser rounds
constexpr int kRssiOffset = 157;
constexpr std::uint32_t kLongestPreamble = 1000;

bool same(Command command, std::uint32_t wanted, std::uint32_t is) {
    const std::uint32_t apart = wanted > is ? wanted - is : is - wanted;
    return apart <= (command == kFrequency ? kTuningError : 0);
}

std::string percent(std::uint32_t hundredths) {
    char text[32];
    std::snprintf(text, sizeof text, "%.2f %%", hundredths / 100.0);
    return text;
}

}  // namespace

RadioActions RnodeRadio::received(std::string_view bytes, BoxTime now) {
    RadioActions actions;
    const std::uint64_t broken = parser_.broken();
    for (const kiss::Frame& frame : parser_.feed(bytes)) {
        // What it says of itself while it starts is asked for again afterwards.
        if (phase_ != Phase::Closed && phase_ != Phase::Booting) take(frame, now, actions);
    }
    actions.broken += static_cast<int>(parser_.broken() - broken);
    return actions;
}

void RnodeRadio::take(const kiss::Frame& frame, BoxTime now, RadioActions& actions) {
    asked_ = false;
    if (phase_ == Phase::Ready && !in_hand_) deadline_ = now + kAskAlive;
    switch (frame.type) {
        case kData:
            return take_packet(frame.data, actions);
        case kRssi:
            if (const auto value = number(frame.data, 1))
                rssi_dbm_ = static_cast<int>(*value) - kRssiOffset;
            return;
        case kSnr:
            if (const auto value = number(frame.data, 1))
                snr_db_ = static_cast<float>(static_cast<std::int8_t>(*value)) / 4;
            return;
        case kReady:
            silent_ = 0;
            return finish(FrameFate::Sent, now, actions);
        case kDetect:
        case kFirmware:
        case kPlatform:
            return take_identity(frame, now, actions);
        case kRadioState:
            return take_state(frame.data, now, actions);
        case kError:
            return take_trouble(frame.data, now, actions);
        case kPhy:
            return take_phy(frame.data, actions);
        case kChannelUse:
            if (frame.data.size() >= 8)
                channel_use_ = percent(*number(frame.data.substr(2, 2), 2)) + " of an hour sent, " +
                               percent(*number(frame.data.substr(6, 2), 2)) + " in use";
            return;
        case kReset:
            if (frame.data == std::string(1, kResetByte))
                begin_again(now, "the RNode was reset", actions);
            return;
        default:
            return take_echo(frame, now, actions);
    }
}

void RnodeRadio::take_identity(const kiss::Frame& frame, BoxTime now, RadioActions& actions) {
    if (frame.type == kDetect) detected_ |= frame.data == std::string(1, kDetectAnswer);
    if (frame.type == kFirmware) firmware_ = number(frame.data, 2);
    if (frame.type == kPlatform) platform_ = number(frame.data, 1);
    if (phase_ != Phase::Detecting || !detected_ || !firmware_ || !platform_) return;
    if (*firmware_ < kOldestFirmware) {
        const std::string is = details().at("firmware");
        return refuse("the RNode has firmware " + is + ": update it to 1.52 or later", now,
                      actions);
    }
    configure(now, actions);
}

bool RnodeRadio::confirmed() const {
    return std::all_of(settings_.begin(), settings_.end(),
                       [](const auto& s) { return s.confirmed; });
}

// Also unasked: somebody turned a knob, or the device gave way.
void RnodeRadio::take_echo(const kiss::Frame& frame, BoxTime now, RadioActions& actions) {
    const auto setting = std::find_if(settings_.begin(), settings_.end(),
                                      [&](const Setting& s) { return s.command == frame.type; });
    const bool awaited = phase_ == Phase::Configuring || phase_ == Phase::Starting || ready();
    if (!awaited || setting == settings_.end()) return;
    const auto is = number(frame.data, static_cast<std::size_t>(setting->bytes));
    if (!is || !same(setting->command, setting->wanted, *is)) {
        return refuse("the RNode does not take " + std::string(setting->name) + " = " +
                          std::to_string(setting->wanted) +
                          (is ? ", it has " + std::to_string(*is) : std::string()) +
                          ": set what it can do",
                      now, actions);
    }
    setting->confirmed = true;
    if (phase_ != Phase::Configuring || !confirmed()) return;
    actions.write += command(kRadioState, {'\x01'});
    enter(Phase::Starting, now + kAnswer, "the RNode's radio is being turned on", actions);
}

void RnodeRadio::take_state(std::string_view data, BoxTime now, RadioActions& actions) {
    const auto state = number(data, 1);
    if (phase_ == Phase::Starting && state == 1U) {
        silent_ = 0;
        enter(Phase::Ready, now + kAskAlive, "", actions);
    } else if (phase_ == Phase::Starting) {
        refuse("the RNode does not turn its radio on", now, actions);
    } else if (ready() && state == 0U) {
        begin_again(now, "the RNode turned its radio off", actions);
    }
}

void RnodeRadio::take_trouble(std::string_view data, BoxTime now, RadioActions& actions) {
    switch (number(data, 1).value_or(0)) {
        case kRadioDoesNotStart:
            return refuse("the RNode's radio does not start", now, actions);
        case kEepromLocked:
            return refuse("the RNode's memory is locked", now, actions);
        case kTxFailed:
            return finish(FrameFate::Failed, now, actions);
        case kQueueFull:
        case kMemoryLow:
            return finish(FrameFate::NoRoom, now, actions);
        case kModemTimeout:
            return begin_again(now, "the RNode's radio does not answer it", actions);
        default:
            return;
    }
}

void RnodeRadio::take_packet(const std::string& data, RadioActions& actions) {
    if (ready() && data.size() <= kTwoFrames)
        actions.heard.push_back({data, "", rssi_dbm_, snr_db_});
    if (data.size() > kTwoFrames) ++actions.broken;
    rssi_dbm_.reset();
    snr_db_.reset();
}

// Twelve bytes; the third number is how many symbols its preamble has.
void RnodeRadio::take_phy(std::string_view data, RadioActions& actions) {
    if (data.size() < 6) return;
    const std::uint32_t symbols = *number(data.substr(4, 2), 2);
    if (symbols == 0 || symbols > kLongestPreamble) return;
    actions.changed |= options_.lora.preamble_symbols != static_cast<int>(symbols);
    options_.lora.preamble_symbols = static_cast<int>(symbols);
}

}  // namespace waypost::rnode
