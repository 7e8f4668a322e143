// SPDX-License-Identifier: Apache-2.0
// Frames, once the module is set up.
#include "radio/lora_modem/rylr998/driver.h"

#include <algorithm>
#include <utility>

#include "radio/lora_modem/rylr998/payload.h"
#include "radio/lora_modem/serial_time.h"

namespace waypost::rylr998 {
namespace {

using lora_modem::serial_time;

constexpr std::size_t kHeader = 8;          // bytes of the module's own on air
constexpr std::size_t kCommand = 24;        // characters around the data of AT+SEND and +RCV
constexpr milliseconds kAfterAirtime{50};   // before it takes the next one
constexpr milliseconds kAnswerWait{3'000};  // beyond airtime
constexpr milliseconds kWithin{300};        // longest silence inside an answer
constexpr milliseconds kRest{150};

bool is_address(const std::string& text) {
    const bool digits =
        !text.empty() && text.size() <= 5 && text[0] != '0' &&
        std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
    return digits && std::stoi(text) <= 65'535;
}

// In doubt a command that was refused was not on air.
FrameFate fate_of(int error) {
    if (error == kTooLong) return FrameFate::TooLong;
    return error == kNotFinished ? FrameFate::Busy : FrameFate::Failed;
}

bool by_its_bytes(int error) {
    return error == kLengthDiffers || error == kNoEnd || error == kNotAt ||
           error == kUnknownCommand;
}

}  // namespace

RadioActions Driver::opened(BoxTime now) {
    RadioActions actions;
    actions.baud = kBaud;
    begin(Phase::Identify, now, actions);
    return actions;
}

RadioActions Driver::closed(BoxTime) {
    RadioActions actions;
    actions.changed = ready();
    report(FrameFate::Failed, actions);
    phase_ = Phase::Closed;
    dialogue_.stop();
    reader_.reset();
    resting_ = false;
    return actions;
}

RadioActions Driver::received(std::string_view bytes, BoxTime now) {
    RadioActions actions;
    if (phase_ == Phase::Closed) return actions;
    if (reader_.begun() && now - last_bytes_ >= kWithin)
        take(reader_.give_up_begun(), now, actions);
    last_bytes_ = now;
    take(reader_.feed(bytes), now, actions);
    return actions;
}

void Driver::take(const std::vector<Answer>& answers, BoxTime now, RadioActions& actions) {
    for (const Answer& each : answers) answer(each, now, actions);
}

void Driver::answer(const Answer& answer, BoxTime now, RadioActions& actions) {
    using Kind = Answer::Kind;
    if (answer.kind == Kind::Packet) return heard(answer, actions);
    if (answer.kind == Kind::Broken) {
        ++actions.broken;
        return;
    }
    if (answer.kind == Kind::Ready) {
        report(FrameFate::Failed, actions);
        why_ = "the module was reset";
        actions.changed = true;
        return begin(Phase::Identify, now, actions);
    }
    if (!ready()) {
        actions.write += dialogue_.take(answer.text, now);
        return follow_dialogue(now, actions);
    }
    if (answer.kind == Kind::Ok && in_hand_ && !said_ok_) return on_air(now, actions);
    if (answer.kind == Kind::Error) error(answer.error, now, actions);
}

void Driver::heard(const Answer& packet, RadioActions& actions) {
    if (!ready()) return;
    auto frame = frame_of(packet.text);
    if (!frame) {
        ++actions.broken;
        return;
    }
    FrameIn in{std::move(*frame), {}, packet.rssi_dbm, static_cast<float>(packet.snr_db)};
    if (packet.from != 0) in.from = std::to_string(packet.from);
    actions.heard.push_back(std::move(in));
}

// Firmware says +OK when the frame has left the antenna; the guide does not promise that it is not
// earlier.
void Driver::on_air(BoxTime now, RadioActions& actions) {
    said_ok_ = true;
    due_ = off_air_;
    if (now >= off_air_) report(FrameFate::Sent, actions);
}

void Driver::error(int code, BoxTime now, RadioActions& actions) {
    if (code == kBadCrc || code == kBadHeader) {
        ++actions.broken;
        return;
    }
    if (!in_hand_) return;
    if (binary_ && by_its_bytes(code)) {
        binary_ = false;
        refused_binary_ = true;
    }
    report(fate_of(code), actions);
    rest(now);
}

void Driver::rest(BoxTime now) {
    resting_ = true;
    due_ = now + kRest;
}

RadioActions Driver::send(FrameOut frame, BoxTime now) {
    RadioActions actions;
    const auto no = [&](FrameFate fate) { actions.reports.push_back({frame.id, fate}); };
    if (frame.bytes.empty() || frame.bytes.size() > limits().payload) {
        no(FrameFate::TooLong);
    } else if (!ready() || (!frame.to.empty() && !is_address(frame.to))) {
        no(FrameFate::Failed);
    } else if (room() == 0) {
        no(FrameFate::NoRoom);
    } else {
        const std::string data = binary_ ? as_it_is(frame.bytes) : as_text(frame.bytes);
        actions.write = "AT+SEND=" + (frame.to.empty() ? "0" : frame.to) + ',' +
                        std::to_string(data.size()) + ',' + data + "\r\n";
        said_ok_ = false;
        off_air_ = now + serial_time(actions.write.size(), kBaud) + kAfterAirtime +
                   std::chrono::ceil<milliseconds>(airtime(frame.bytes.size()));
        due_ = off_air_ + kAnswerWait;
        in_hand_ = frame.id;
    }
    return actions;
}

RadioActions Driver::tick(BoxTime now) {
    RadioActions actions;
    if (phase_ == Phase::Closed || now < next_tick()) return actions;
    if (reader_.begun() && now - last_bytes_ >= kWithin) {
        last_bytes_ = now;
        take(reader_.give_up_begun(), now, actions);
    }
    if (now < due_) return actions;
    if (phase_ == Phase::Down) {
        begin(Phase::Identify, now, actions);
    } else if (!ready()) {
        actions.write += dialogue_.tick(now);
        follow_dialogue(now, actions);
    } else {
        const bool silent = in_hand_ && !said_ok_;
        report(said_ok_ ? FrameFate::Sent : FrameFate::Failed, actions);
        actions.changed |= std::exchange(resting_, false);
        due_ = BoxTime::max();
        if (silent) begin(Phase::Identify, now, actions);
    }
    return actions;
}

BoxTime Driver::next_tick() const {
    if (phase_ == Phase::Closed) return BoxTime::max();
    return reader_.begun() ? std::min(due_, last_bytes_ + kWithin) : due_;
}

void Driver::report(FrameFate fate, RadioActions& actions) {
    if (!in_hand_) return;
    actions.reports.push_back({*in_hand_, fate});
    actions.changed = true;
    in_hand_.reset();
    if (ready()) due_ = BoxTime::max();
}

FrameLimits Driver::limits() const {
    FrameLimits limits;
    limits.payload = binary_ ? kMostBinary : kMostText;
    limits.deaf = serial_time(kMostOnAir + kCommand, kBaud);
    limits.latency = 2 * limits.deaf + kAfterAirtime;
    limits.addressed = true;
    return limits;
}

std::chrono::microseconds Driver::airtime(std::size_t bytes) const {
    const std::size_t data = binary_ ? bytes + 1 : size_as_text(bytes);
    return time_on_air(lora_, data + kHeader);
}

}  // namespace waypost::rylr998
