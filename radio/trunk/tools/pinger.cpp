// SPDX-License-Identifier: Apache-2.0
#include "radio/trunk/tools/pinger.h"

#include <algorithm>

namespace waypost::trunk {

Pinger::Pinger(PingSettings settings, ProbeKey key, std::uint32_t run)
    : settings_(settings), key_(std::move(key)), run_(run) {}

std::optional<std::string> Pinger::due(BoxTime now) const {
    if (open_ || now < next_) return std::nullopt;
    if (settings_.count > 0 && number_ >= settings_.count) return std::nullopt;
    Probe probe;
    probe.run = run_;
    probe.number = static_cast<std::uint16_t>(number_ + 1);
    return key_.encode(probe, settings_.bytes);
}

void Pinger::began(BoxTime now) {
    ++number_;
    next_ = now + settings_.every;
    open_ = Open{now, std::nullopt};
}

PingResult Pinger::close(PingResult::Kind kind) {
    open_.reset();
    PingResult result;
    result.number = number_;
    result.kind = kind;
    return result;
}

std::optional<PingResult> Pinger::fate(const FrameReport& report, BoxTime now) {
    if (!open_ || open_->until) return std::nullopt;
    // A modem that failed may have sent it: then an answer still counts.
    if (costs_airtime(report.fate)) {
        open_->until = now + settings_.answer_wait;
        return std::nullopt;
    }
    PingResult result = close(PingResult::Kind::NotSent);
    result.fate = report.fate;
    return result;
}

std::optional<PingResult> Pinger::heard(const FrameIn& frame, BoxTime now) {
    const auto probe = key_.parse(frame.bytes);
    if (!open_ || !probe.ok() || !probe->answer || probe->run != run_ ||
        probe->number != static_cast<std::uint16_t>(number_))
        return std::nullopt;
    const milliseconds round_trip = now - open_->began;
    PingResult result = close(PingResult::Kind::Answered);
    result.round_trip = round_trip;
    result.here = signal_of(frame);
    result.there = probe->heard;
    return result;
}

std::optional<PingResult> Pinger::tick(BoxTime now) {
    if (!open_ || !open_->until || now < *open_->until) return std::nullopt;
    return close(PingResult::Kind::Lost);
}

BoxTime Pinger::next_tick() const {
    if (done()) return BoxTime::max();
    if (open_) return open_->until.value_or(BoxTime::max());
    return next_;
}

std::optional<Answerer::Answer> Answerer::heard(const FrameIn& frame) {
    const auto ping = key_.parse(frame.bytes);
    if (!ping.ok() || ping->answer) return std::nullopt;
    const auto known = last_.find(ping->run);
    // Numbers go up, modulo 2^16: what is behind came twice, or is somebody's recording.
    if (known != last_.end() &&
        (known->second == ping->number ||
         static_cast<std::uint16_t>(ping->number - known->second) >= 0x8000))
        return std::nullopt;
    if (known == last_.end() && last_.size() >= kMostRuns) last_.erase(last_.begin());
    last_[ping->run] = ping->number;
    Probe answer = *ping;
    answer.answer = true;
    answer.heard = signal_of(frame);
    return Answer{*ping, key_.encode(answer, std::max(frame.bytes.size(), kAnswerBytes))};
}

}  // namespace waypost::trunk
