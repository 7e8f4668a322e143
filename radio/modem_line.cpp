// SPDX-License-Identifier: Apache-2.0
#include "radio/modem_line.h"

#include <algorithm>
#include <thread>

namespace waypost {
namespace {

constexpr milliseconds kFirstPause{500};
constexpr milliseconds kLongestPause{30'000};
constexpr milliseconds kMostWait{60'000};

std::string with_baud(const std::string& where, int baud) {
    if (where.rfind("serial:", 0) != 0 || where.find("?baud=") != std::string::npos) return where;
    return where + "?baud=" + std::to_string(baud);
}

void join(RadioActions from, RadioActions& to) {
    to.changed |= from.changed;
    to.broken += from.broken;
    std::move(from.heard.begin(), from.heard.end(), std::back_inserter(to.heard));
    std::move(from.reports.begin(), from.reports.end(), std::back_inserter(to.reports));
}

}  // namespace

ModemLine::ModemLine(std::string where, int baud, std::unique_ptr<FrameRadio> radio,
                     const Clock& clock)
    : where_(std::move(where)), baud_(baud), radio_(std::move(radio)), clock_(clock) {}

std::string ModemLine::why_down() const { return line_ == nullptr ? why_ : radio_->why_down(); }

bool ModemLine::open(BoxTime now, RadioActions& all) {
    auto line = open_line(with_baud(where_, baud_));
    if (!line.ok()) {
        lose(line.error().text, all);
        return false;
    }
    {
        const std::lock_guard lock(mutex_);
        line_ = std::move(line).value();
    }
    act(radio_->opened(now), all);
    return line_ != nullptr;
}

// The driver is told that the line is gone, and it is opened again after a growing pause.
void ModemLine::lose(const std::string& why, RadioActions& all) {
    const bool was_open = line_ != nullptr;
    {
        const std::lock_guard lock(mutex_);
        line_.reset();
    }
    all.changed |= why_ != why;
    why_ = why;
    pause_ = std::clamp(pause_ * 2, kFirstPause, kLongestPause);
    const BoxTime now = clock_.box();
    next_open_ = now + pause_;
    if (was_open) join(radio_->closed(now), all);
}

void ModemLine::act(RadioActions done, RadioActions& all) {
    const std::optional<int> baud = done.baud;
    const std::string write = std::move(done.write);
    const bool reopen = done.reopen;
    join(std::move(done), all);
    if (line_ == nullptr) return;
    if (baud && *baud != baud_ && where_.rfind("serial:", 0) == 0) {
        baud_ = *baud;
        auto line = open_line(with_baud(where_, baud_));
        if (!line.ok()) return lose(line.error().text, all);
        const std::lock_guard lock(mutex_);
        line_ = std::move(line).value();
    }
    if (!write.empty()) {
        if (const auto written = line_->write(write); !written.ok())
            return lose(written.error().text, all);
    }
    if (reopen) {
        const std::string why = radio_->why_down();
        lose(why.empty() ? "the radio is started again" : why, all);
    }
    if (radio_->ready()) pause_ = milliseconds(0);
}

RadioActions ModemLine::step(BoxTime until) {
    RadioActions all;
    BoxTime now = clock_.box();
    if (line_ == nullptr && now >= next_open_) open(now, all);
    const BoxTime due = std::min(until, line_ != nullptr ? radio_->next_tick() : next_open_);
    const milliseconds wait = std::clamp(due - now, milliseconds(0), kMostWait);
    if (line_ == nullptr) {
        // Nothing to read: a short sleep, so that wake() and `until` are soon seen.
        std::this_thread::sleep_for(std::min(wait, milliseconds(50)));
        return all;
    }
    const bool nothing_yet = all.heard.empty() && all.reports.empty() && !all.changed;
    const auto got = line_->read(nothing_yet ? wait : milliseconds(0));
    now = clock_.box();
    if (!got.ok()) {
        lose(got.error().text, all);
        return all;
    }
    if (!got->empty()) act(radio_->received(*got, now), all);
    if (line_ != nullptr && now >= radio_->next_tick()) act(radio_->tick(now), all);
    return all;
}

RadioActions ModemLine::send(FrameOut frame) {
    RadioActions all;
    if (line_ == nullptr) {
        all.reports.push_back({frame.id, FrameFate::Failed});
        return all;
    }
    act(radio_->send(std::move(frame), clock_.box()), all);
    return all;
}

RadioActions ModemLine::close() {
    RadioActions all;
    if (line_ != nullptr) lose("closed", all);
    return all;
}

void ModemLine::wake() noexcept {
    const std::lock_guard lock(mutex_);
    if (line_ != nullptr) line_->wake();
}

}  // namespace waypost
