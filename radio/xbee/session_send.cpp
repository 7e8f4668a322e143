// SPDX-License-Identifier: Apache-2.0
// Frames on their way and what the module says of them.
#include <algorithm>

#include "radio/xbee/at_value.h"
#include "radio/xbee/session.h"

namespace waypost::xbee {
namespace {

constexpr int kMostInFlight = 4;  // the line has no flow control: the module's buffers are small
constexpr int kMostMissing = 3;
constexpr milliseconds kStatusGrace{500};
constexpr milliseconds kNoBufferHold{100};
constexpr milliseconds kBusyHold{50};
constexpr std::uint64_t kBusySpread = 150;
constexpr milliseconds kSpectrumHold{60'000};  // the module counts in buckets of 6 minutes
constexpr std::uint8_t kNoAckOption = 0x01;
constexpr std::uint8_t kDirectOption = 0x40;

}  // namespace

FrameFate fate_of(Delivery delivery, bool acknowledged) {
    switch (delivery) {
        case Delivery::Ok:
            return acknowledged ? FrameFate::Acked : FrameFate::Sent;
        case Delivery::NoMacAck:
        case Delivery::NoNetworkAck:
            return FrameFate::NotAcked;
        case Delivery::ChannelBusy:
            return FrameFate::Busy;
        case Delivery::NoSpectrum:
            return FrameFate::NoAirtime;
        case Delivery::NoRoute:
        case Delivery::Unrequested:
            return FrameFate::NoRoute;
        case Delivery::NoBuffer:
        case Delivery::NoBufferEither:
            return FrameFate::NoRoom;
        case Delivery::TooLong:
            return FrameFate::TooLong;
    }
    return FrameFate::Failed;
}

int Session::room() const {
    if (!ready() || held_) return 0;
    return std::max(0, window_ - static_cast<int>(flights_.size()));
}

std::optional<FrameFate> Session::refusal(const FrameOut& frame) const {
    if (!ready()) return FrameFate::Failed;
    if (frame.bytes.empty() || (!frame.to.empty() && !parse_address(frame.to)))
        return FrameFate::Failed;
    if (frame.bytes.size() > module_.payload()) return FrameFate::TooLong;
    if (room() == 0) return FrameFate::NoRoom;
    return std::nullopt;
}

RadioActions Session::send(FrameOut frame, BoxTime now) {
    const auto refused = refusal(frame);
    const std::uint8_t id = refused ? 0 : ids_.take();
    if (refused || id == 0) {
        out_.reports.push_back({frame.id, refused.value_or(FrameFate::NoRoom), 0});
        return done(now);
    }
    Transmit transmit;
    transmit.id = id;
    transmit.to = parse_address(frame.to).value_or(kBroadcast);
    const bool broadcast = transmit.to == kBroadcast;
    if (settings_.direct) transmit.options |= kDirectOption;
    if (!settings_.acks && !broadcast) transmit.options |= kNoAckOption;
    transmit.data = std::move(frame.bytes);
    const milliseconds wait =
        kStatusGrace + line_time(transmit.data.size(), baud_) +
        (broadcast ? module_.broadcast_wait() : module_.unicast_wait(settings_.direct));
    // The module sends one after the other.
    const auto before = static_cast<int>(flights_.size());
    flights_[id] = {frame.id, broadcast, now + wait * (before + 1)};
    write(transmit);
    return done(now);
}

// One that comes when nobody waits for it any more is dropped: its id is not in use yet again.
void Session::take_status(const TransmitStatus& status, BoxTime now) {
    const auto found = flights_.find(status.id);
    if (found == flights_.end()) return;
    missing_ = 0;
    const bool broadcast = found->second.broadcast;
    const FrameFate fate = fate_of(status.delivery, settings_.acks && !broadcast);
    const int retries =
        broadcast && fate == FrameFate::Sent ? module_.broadcast_repeats() : status.retries;
    report(status.id, fate, retries);
    pace(status.delivery, now);
}

void Session::pace(Delivery delivery, BoxTime now) {
    milliseconds hold{0};
    switch (delivery) {
        case Delivery::Ok:
            window_ = std::min(window_ + 1, kMostInFlight);
            break;
        case Delivery::NoBuffer:
        case Delivery::NoBufferEither:
            window_ = std::max(1, window_ / 2);
            hold = kNoBufferHold;
            break;
        case Delivery::ChannelBusy:
            hold = kBusyHold + milliseconds(random_.below(kBusySpread + 1));
            break;
        case Delivery::NoSpectrum:
            hold = kSpectrumHold;
            break;
        case Delivery::TooLong:
            read_again("NP");
            break;
        default:
            break;
    }
    if (hold.count() == 0) return;
    held_ = true;
    hold_until_ = std::max(hold_until_, now + hold);
}

void Session::report(std::uint8_t id, FrameFate fate, int retries) {
    const auto flight = flights_.extract(id);
    ids_.give_back(id);
    out_.reports.push_back({flight.mapped().frame, fate, retries});
    out_.changed = true;  // there is room again
}

void Session::fail_all() {
    while (!flights_.empty()) report(flights_.begin()->first, FrameFate::Failed, 0);
}

void Session::expire(BoxTime now) {
    std::vector<std::uint8_t> late;
    for (const auto& [id, flight] : flights_) {
        if (flight.deadline <= now) late.push_back(id);
    }
    for (const std::uint8_t id : late) report(id, FrameFate::Failed, 0);
    missing_ += static_cast<int>(late.size());
    if (missing_ >= kMostMissing && phase_ == Phase::Ready) begin(now);
}

}  // namespace waypost::xbee
