// SPDX-License-Identifier: Apache-2.0
#include "radio/auto_modem.h"

#include <algorithm>
#include <stdexcept>

namespace waypost {
namespace {

void join(RadioActions from, RadioActions& to) {
    if (from.baud) to.baud = from.baud;
    to.write += from.write;
    to.changed |= from.changed;
    to.broken += from.broken;
    std::move(from.heard.begin(), from.heard.end(), std::back_inserter(to.heard));
    std::move(from.reports.begin(), from.reports.end(), std::back_inserter(to.reports));
}

}  // namespace

AutoModem::AutoModem(std::span<const ModemKind> kinds, ModemSettings settings,
                     std::string_view first, Random& random, AutoModemTimes times)
    : settings_(std::move(settings)), random_(random), times_(times) {
    std::string refused;
    for (const ModemKind& kind : kinds) {
        if (!kind.identifies) continue;
        try {
            kind.make(settings_, random_);
            kinds_.push_back(&kind);
        } catch (const std::runtime_error& e) {
            refused += "; " + std::string(kind.name) + ": " + e.what();
        }
    }
    if (kinds_.empty())
        throw std::runtime_error("modem: none that is found by itself can be set so" + refused);
    const auto there = std::find_if(kinds_.begin(), kinds_.end(),
                                    [&](const ModemKind* kind) { return kind->name == first; });
    if (there != kinds_.end()) std::rotate(kinds_.begin(), there, there + 1);
}

RadioActions AutoModem::opened(BoxTime now) {
    if (!inner_ || !was_ready_) return begin(now);
    until_ = now + times_.again;
    return watched(inner_->opened(now), now);
}

RadioActions AutoModem::begin(BoxTime now) {
    inner_ = kinds_[at_]->make(settings_, random_);
    known_ = was_ready_ = false;
    until_ = now + times_.silent;
    RadioActions actions = inner_->opened(now);
    if (!actions.baud) actions.baud = kinds_[at_]->baud;
    actions.changed = true;
    return watched(std::move(actions), now);
}

// Whether it is still this kind's turn.
RadioActions AutoModem::watched(RadioActions done, BoxTime now) {
    if (inner_->ready()) {
        known_ = was_ready_ = true;
        until_ = BoxTime::max();
        report_.clear();
        return done;
    }
    if (was_ready_) {
        if (until_ == BoxTime::max()) until_ = now + times_.again;
    } else if (!known_ && !inner_->details().empty()) {
        known_ = true;  // it is this one: why_down() says what it refuses
        until_ = BoxTime::max();
    }
    const bool gave_up = done.reopen && !known_;
    return gave_up || now >= until_ ? next_kind(std::move(done), now) : done;
}

// What the kind before still wanted to write is not for the next one.
RadioActions AutoModem::next_kind(RadioActions done, BoxTime now) {
    const std::string why = inner_->why_down();
    report_ += (report_.empty() ? "" : "; ") + std::string(kinds_[at_]->name) + ": " + why;
    done.reopen = false;
    done.write.clear();
    done.baud.reset();
    join(inner_->closed(now), done);
    inner_.reset();
    done.changed = true;
    at_ = (at_ + 1) % kinds_.size();
    if (at_ == 0) {
        until_ = now + times_.pause;
        return done;
    }
    join(begin(now), done);
    return done;
}

RadioActions AutoModem::received(std::string_view bytes, BoxTime now) {
    return inner_ ? watched(inner_->received(bytes, now), now) : RadioActions{};
}

RadioActions AutoModem::closed(BoxTime now) {
    RadioActions actions;
    if (inner_) join(inner_->closed(now), actions);
    until_ = BoxTime::max();
    return actions;
}

RadioActions AutoModem::send(FrameOut frame, BoxTime now) {
    if (inner_) return watched(inner_->send(std::move(frame), now), now);
    RadioActions actions;
    actions.reports.push_back({frame.id, FrameFate::NoRoom, 0});
    return actions;
}

RadioActions AutoModem::tick(BoxTime now) {
    if (inner_)
        return watched(now >= inner_->next_tick() ? inner_->tick(now) : RadioActions{}, now);
    if (now < until_) return {};
    report_.clear();
    return begin(now);
}

BoxTime AutoModem::next_tick() const {
    return inner_ ? std::min(until_, inner_->next_tick()) : until_;
}

std::chrono::microseconds AutoModem::airtime(std::size_t bytes) const {
    return known_ && inner_ ? inner_->airtime(bytes) : time_on_air(settings_.lora, bytes);
}

std::string AutoModem::why_down() const {
    if (known_ && inner_) return inner_->why_down();
    const std::string tried = report_.empty() ? std::string() : " (" + report_ + ")";
    if (!inner_) return "no modem was found, it is looked for again soon" + tried;
    return "looking for the modem: is it " + std::string(kinds_[at_]->name) + "?" + tried;
}

std::map<std::string, std::string> AutoModem::details() const {
    if (!known_ || !inner_) return {};
    auto details = inner_->details();
    details[kFound] = kinds_[at_]->name;
    return details;
}

}  // namespace waypost
