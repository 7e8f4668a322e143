// SPDX-License-Identifier: Apache-2.0
#include "radio/modem_search.h"

#include <algorithm>
#include <stdexcept>

namespace waypost {

ModemSearch::ModemSearch(std::string where, std::span<const ModemKind> kinds,
                         ModemSettings settings, Random& random, const Clock& clock,
                         SearchTimes times)
    : where_(std::move(where)),
      kinds_(kinds),
      settings_(std::move(settings)),
      random_(random),
      clock_(clock),
      times_(times) {
    next_kind();
}

// Makes a line for the kind at at_, or for the first behind it that can be tried.
void ModemSearch::next_kind() {
    while (at_ < kinds_.size()) {
        const ModemKind& kind = kinds_[at_];
        try {
            if (kind.identifies) {
                line_ = std::make_unique<ModemLine>(where_, kind.baud,
                                                    kind.make(settings_, random_), clock_);
                until_ = clock_.box() + times_.silent;
                was_open_ = known_ = false;
                return;
            }
        } catch (const std::runtime_error& e) {
            report_ += "; " + std::string(kind.name) + ": " + e.what();
        }
        ++at_;
    }
    over_ = true;
}

void ModemSearch::end_kind(const std::string& why) {
    report_ += "; " + std::string(kinds_[at_].name) + ": " + why;
    line_->close();
    line_.reset();
    ++at_;
    next_kind();
}

bool ModemSearch::step(BoxTime until) {
    if (over_) return false;
    line_->step(std::min(until, until_));
    look();
    return !over_;
}

void ModemSearch::look() {
    const FrameRadio& radio = line_->radio();
    if (line_->is_open()) was_open_ = true;
    if (!known_ && !radio.details().empty()) {
        known_ = true;
        until_ = clock_.box() + times_.ready;
    }
    const bool late = clock_.box() >= until_;
    if (line_->ready() || (known_ && late)) {
        found_ = {std::string(kinds_[at_].name), radio.details(), radio.why_down()};
        line_->close();
        over_ = true;
    } else if (!was_open_) {
        report_ = "; " + line_->why_down();
        over_ = true;
    } else if (late || (!line_->is_open() && !known_)) {
        end_kind(line_->why_down());
    }
}

Result<FoundModem> ModemSearch::result() const {
    if (found_) return *found_;
    const bool opened = at_ >= kinds_.size();
    const std::string told =
        report_.empty() ? "no kind of modem can be searched for" : report_.substr(2);
    return Error{opened ? Code::NotFound : Code::Network,
                 (opened ? "no modem found at " + where_ + ": " : std::string()) + told, true};
}

}  // namespace waypost
