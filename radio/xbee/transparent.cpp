// SPDX-License-Identifier: Apache-2.0
#include "radio/xbee/transparent.h"

#include <algorithm>
#include <iterator>

#include "radio/xbee/at_value.h"

namespace waypost::xbee {
namespace {

constexpr std::string_view kAsked[] = {"BR", "NP", "HV", "VR", "SH", "SL", "RO", "MT"};
constexpr std::uint64_t kPacketSilence = 3;  // RO, in characters

}  // namespace

RadioActions Transparent::opened(BoxTime now) {
    bauds_tried_ = 0;
    call(now);
    return {};
}

void Transparent::call(BoxTime now) {
    std::vector<std::string> lines{"ATAP0"};
    for (const auto name : kAsked) lines.push_back("AT" + std::string(name));
    lines.push_back("ATCN");
    command_mode_.start(std::move(lines), now);
    ready_ = false;
    why_ = "looking for the module";
}

RadioActions Transparent::received(std::string_view bytes, BoxTime now) {
    RadioActions out;
    if (command_mode_.busy()) {
        out.write = command_mode_.received(bytes, now);
        after_command_mode(now, out);
        return out;
    }
    if (!ready_) return out;
    last_byte_ = now;
    const auto broken = deframer_.broken();
    for (std::string& frame : deframer_.feed(bytes))
        out.heard.push_back({std::move(frame), {}, {}, {}});
    out.broken = static_cast<int>(deframer_.broken() - broken);
    return out;
}

void Transparent::after_command_mode(BoxTime now, RadioActions& out) {
    if (command_mode_.busy()) return;
    const auto& answers = command_mode_.answers();
    if (command_mode_.state() == CommandMode::State::Done && answers.front() == "OK") {
        read_answers();
        deframer_ = {};
        ready_ = module_.payload() >= cobs_frame_size(1);
        why_ = "the module does not say how long a packet may be (NP)";
        out.reopen = !ready_;
        out.changed = true;
        return;
    }
    if (bauds_tried_ == std::size(kBauds)) {
        why_ = "no XBee answers at any speed";
        out.reopen = out.changed = true;
        return;
    }
    baud_ = kBauds[bauds_tried_++];
    out.baud = baud_;
    call(now);
}

void Transparent::read_answers() {
    module_.values.clear();
    for (std::size_t i = 0; i < std::size(kAsked); ++i) {
        const std::string& answer = command_mode_.answers().at(i + 1);
        const auto value = value_from_hex(answer);  // "ERROR" is none
        if (value) module_.values[std::string(kAsked[i])] = *value;
    }
}

RadioActions Transparent::closed(BoxTime) {
    RadioActions out;
    if (sending_) out.reports.push_back({*sending_, FrameFate::Failed, 0});
    sending_.reset();
    sent_at_ = BoxTime::max();
    out.changed = ready_;
    ready_ = false;
    command_mode_ = {};
    why_ = "the line is not open";
    return out;
}

// When a frame that has begun is given up.
BoxTime Transparent::cut_at() const { return last_byte_ + kByteGap + silence(); }

// After so long the module takes what it has for a packet.
milliseconds Transparent::silence() const {
    return line_time(module_.number("RO", kPacketSilence), baud_) + milliseconds(1);
}

RadioActions Transparent::send(FrameOut frame, BoxTime now) {
    RadioActions out;
    const auto refuse = [&](FrameFate fate) {
        out.reports.push_back({frame.id, fate, 0});
        return out;
    };
    if (!ready_ || frame.bytes.empty() || !frame.to.empty()) return refuse(FrameFate::Failed);
    if (frame.bytes.size() > limits().payload) return refuse(FrameFate::TooLong);
    if (room() == 0) return refuse(FrameFate::NoRoom);
    out.write = cobs_frame(frame.bytes);
    sending_ = frame.id;
    const auto on_air = std::chrono::ceil<milliseconds>(airtime(frame.bytes.size()));
    sent_at_ = now + line_time(out.write.size(), baud_) + silence() + module_.listens() + on_air;
    return out;
}

RadioActions Transparent::tick(BoxTime now) {
    RadioActions out;
    if (command_mode_.busy()) {
        out.write = command_mode_.tick(now);
        after_command_mode(now, out);
        return out;
    }
    if (sending_ && now >= sent_at_) {
        out.reports.push_back({*sending_, FrameFate::Sent, 0});
        out.changed = true;
        sending_.reset();
        sent_at_ = BoxTime::max();
    }
    if (deframer_.begun() && now >= cut_at()) {
        deframer_.give_up_begun();
        ++out.broken;
    }
    return out;
}

BoxTime Transparent::next_tick() const {
    if (command_mode_.busy()) return command_mode_.next_tick();
    return deframer_.begun() ? std::min(sent_at_, cut_at()) : sent_at_;
}

FrameLimits Transparent::limits() const {
    FrameLimits limits;
    const std::size_t most = module_.payload();
    const std::size_t cost = cobs_frame_size(most) - most;
    limits.payload = most > cost ? most - cost : 0;
    limits.latency = kModuleTime + line_time(most, baud_) + silence();
    return limits;
}

microseconds Transparent::airtime(std::size_t bytes) const {
    return module_.airtime(cobs_frame_size(bytes));
}

}  // namespace waypost::xbee
