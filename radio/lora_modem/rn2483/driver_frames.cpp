// SPDX-License-Identifier: Apache-2.0
// Listening and sending once the module is set up.
#include <charconv>
#include <utility>

#include "gateway/base/encoding.h"
#include "gateway/message/text.h"
#include "radio/lora_modem/rn2483/driver.h"

namespace waypost::rn2483 {
namespace {

constexpr milliseconds kAnswerWait{700};
constexpr milliseconds kQualityWait{200};
constexpr milliseconds kBusyWait{100};
constexpr milliseconds kAfterAirtime{2'000};
constexpr int kTries = 4;

std::optional<int> number(const std::string& text) {
    int value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return value;
}

}  // namespace

void Driver::command(Phase phase, const std::string& text, milliseconds wait, BoxTime now,
                     RadioActions& actions) {
    if (phase != phase_) err_skipped_ = false;
    phase_ = phase;
    due_ = now + wait;
    actions.write += text + "\r\n";
}

void Driver::listen(BoxTime now, RadioActions& actions) {
    tries_ = 0;
    listening_since_ = now;
    command(Phase::Start, "radio rx 0", kAnswerWait, now, actions);
}

void Driver::stop_listening(BoxTime now, RadioActions& actions) {
    command(Phase::Stop, "radio rxstop", kAnswerWait, now, actions);
}

// The module has nothing to do: what comes first now.
void Driver::idle(BoxTime now, RadioActions& actions) {
    if (in_ && ask_quality_ && !in_asked_) {
        in_asked_ = true;
        return command(Phase::Snr, "radio get snr", kQualityWait, now, actions);
    }
    deliver(actions);
    if (!out_) return listen(now, actions);
    command(Phase::Transmit, "radio tx " + upper_ascii(to_hex(out_->bytes)), kAnswerWait, now,
            actions);
}

void Driver::line(const Line& line, BoxTime now, RadioActions& actions) {
    switch (line.answer) {
        case Answer::Ok:
            return ok(now, actions);
        case Answer::Packet:
            return heard(line.packet, now, actions);
        case Answer::BrokenPacket:
            return heard_broken(true, now, actions);
        case Answer::RadioErr:
            return radio_err(now, actions);
        case Answer::Busy:
            return busy(now, actions);
        case Answer::InvalidParam:
            return refused(now, actions);
        case Answer::Version:
            return again_from_the_start("the module was reset", now, actions);
        case Answer::Text:
            return quality(line.text, now, actions);
        case Answer::TxOk:
            break;
    }
    if (phase_ != Phase::Transmit && phase_ != Phase::OnAir) return;
    report(FrameFate::Sent, actions);
    idle(now, actions);
}

void Driver::ok(BoxTime now, RadioActions& actions) {
    if (phase_ == Phase::Start) {
        phase_ = Phase::Listen;
        due_ = now + watchdog_ * 2;
        if (out_) stop_listening(now, actions);
    } else if (phase_ == Phase::Stop) {
        idle(now, actions);
    } else if (phase_ == Phase::Transmit && out_) {
        phase_ = Phase::OnAir;
        due_ = now + std::chrono::ceil<milliseconds>(airtime(out_->bytes.size())) + kAfterAirtime;
    }
}

// Before the `ok` of rxstop it has overtaken the command: the module is idle after that `ok`.
void Driver::heard(std::string packet, BoxTime now, RadioActions& actions) {
    deliver(actions);
    in_ = FrameIn{std::move(packet), {}, {}, {}};
    in_asked_ = false;
    if (phase_ == Phase::Listen || phase_ == Phase::Start) return idle(now, actions);
    if (phase_ != Phase::Stop) deliver(actions);
}

void Driver::heard_broken(bool by_crc, BoxTime now, RadioActions& actions) {
    if (by_crc) ++actions.broken;
    if (phase_ == Phase::Listen || phase_ == Phase::Start) idle(now, actions);
}

void Driver::radio_err(BoxTime now, RadioActions& actions) {
    if (phase_ == Phase::Listen) {
        // The watchdog ends listening as well, and then nothing was heard.
        const bool watchdog = now - listening_since_ >= watchdog_ - milliseconds(1'000);
        return heard_broken(!watchdog, now, actions);
    }
    if (phase_ == Phase::OnAir) {
        report(FrameFate::Failed, actions);
        return idle(now, actions);
    }
    if (!err_skipped_) {
        err_skipped_ = true;
    } else if (phase_ == Phase::Stop) {
        idle(now, actions);
    } else if (phase_ == Phase::Transmit) {
        report(FrameFate::Failed, actions);
        idle(now, actions);
    }
}

void Driver::busy(BoxTime now, RadioActions& actions) {
    if (phase_ == Phase::Listen) phase_ = Phase::Start;  // the answer to `radio rx 0` came late
    if (phase_ == Phase::Snr || phase_ == Phase::Rssi) return idle(now, actions);
    if (phase_ == Phase::OnAir) return;
    if (++tries_ < kTries) {
        was_busy_ = true;
        if (phase_ == Phase::Transmit) phase_ = Phase::Stop;  // it may listen after all
        due_ = now + kBusyWait;
        return;
    }
    report(FrameFate::Busy, actions);
    again_from_the_start("the module stays busy", now, actions);
}

void Driver::refused(BoxTime now, RadioActions& actions) {
    if (phase_ == Phase::Snr || phase_ == Phase::Rssi) {
        ask_quality_ = false;  // firmware before 1.0.5
        idle(now, actions);
    } else if (phase_ == Phase::Stop) {
        idle(now, actions);  // it was not listening
    } else if (phase_ != Phase::OnAir) {
        again_from_the_start("the module refuses a command that it knew", now, actions);
    }
}

void Driver::quality(const std::string& text, BoxTime now, RadioActions& actions) {
    const auto value = number(text);
    if (!value || !in_) return;
    if (phase_ == Phase::Snr && *value > -30) {
        in_->snr_db = static_cast<float>(*value);
        command(Phase::Rssi, "radio get rssi", kQualityWait, now, actions);
    } else if (phase_ == Phase::Rssi && *value <= -30) {
        in_->rssi_dbm = *value;
        idle(now, actions);
    }
}

void Driver::overdue(BoxTime now, RadioActions& actions) {
    if (phase_ == Phase::Snr || phase_ == Phase::Rssi) return idle(now, actions);
    const bool after_busy = std::exchange(was_busy_, false);
    if (phase_ == Phase::OnAir || phase_ == Phase::Transmit || (!after_busy && ++tries_ >= kTries))
        return again_from_the_start("the module does not answer any more", now, actions);
    // Listening for longer than the watchdog lets it: a question whether it still does.
    if (phase_ == Phase::Start) return command(phase_, "radio rx 0", kAnswerWait, now, actions);
    stop_listening(now, actions);
}

void Driver::again_from_the_start(const std::string& why, BoxTime now, RadioActions& actions) {
    report(FrameFate::Failed, actions);
    deliver(actions);
    actions.changed = true;
    why_ = why;
    identify(now, actions);
}

void Driver::deliver(RadioActions& actions) {
    if (in_) actions.heard.push_back(std::move(*in_));
    in_.reset();
}

void Driver::report(FrameFate fate, RadioActions& actions) {
    if (!out_) return;
    actions.reports.push_back({out_->id, fate});
    actions.changed = true;
    out_.reset();
}

}  // namespace waypost::rn2483
