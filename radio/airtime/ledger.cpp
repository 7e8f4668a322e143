// SPDX-License-Identifier: Apache-2.0
#include "radio/airtime/ledger.h"

#include <algorithm>

#include "radio/airtime/shared_band.h"

namespace waypost {

AirtimeLedger::~AirtimeLedger() = default;

void AirtimeLedger::set_budget(milliseconds share, milliseconds reserve, milliseconds law) {
    share_ = share;
    reserve_ = std::min(reserve, share);
    law_ = law;
}

void AirtimeLedger::publish() const {
    if (band_ != nullptr) band_->publish(radio_, record_);
}

void AirtimeLedger::share_band(std::shared_ptr<SharedBand> band, const std::string& radio) {
    band_ = std::move(band);
    radio_ = radio;
    publish();
}

milliseconds AirtimeLedger::used(BoxTime now) const { return record_.used(now); }
milliseconds AirtimeLedger::all_used(BoxTime now) const { return record_.all_used(now); }

milliseconds AirtimeLedger::left_of_own(BoxTime now, bool alarm) const {
    const milliseconds most = std::min(share_ - used(now), law_ - all_used(now));
    return std::max(most - (alarm ? milliseconds(0) : reserve_), milliseconds(0));
}

milliseconds AirtimeLedger::left(BoxTime now, bool alarm) const {
    const milliseconds own = left_of_own(now, alarm);
    return band_ == nullptr ? own : std::min(own, band_->left(radio_, now, alarm));
}

bool AirtimeLedger::may_spend(BoxTime now, milliseconds airtime, bool alarm) const {
    return airtime <= left(now, alarm);
}

void AirtimeLedger::spend(BoxTime now, milliseconds airtime) {
    record_.spend(now, airtime);
    total_ += airtime;
    publish();
}

bool AirtimeLedger::take(BoxTime now, milliseconds airtime, bool alarm) {
    if (airtime > left_of_own(now, alarm)) return false;
    AirtimeRecord after = record_;
    after.spend(now, airtime);
    if (band_ != nullptr && !band_->publish_if_left(radio_, after, now, airtime, alarm))
        return false;
    record_ = std::move(after);
    total_ += airtime;
    return true;
}

void AirtimeLedger::spend_beside(BoxTime now, milliseconds airtime) {
    record_.spend_beside(now, airtime);
    publish();
}

void AirtimeLedger::observe(BoxTime now, milliseconds all) {
    record_.observe(now, all);
    publish();
}

void AirtimeLedger::hold(milliseconds airtime) {
    if (airtime == record_.held()) return;
    record_.hold(airtime);
    publish();
}

BoxTime AirtimeLedger::free_at(BoxTime now, milliseconds airtime, bool alarm) const {
    BoxTime at = now;
    while (!may_spend(at, airtime, alarm)) {
        BoxTime next = record_.next_relief(at);
        if (band_ != nullptr) next = std::min(next, band_->next_relief(at));
        if (next == BoxTime::max()) return now + AirtimeRecord::kWindow;
        at = next;
    }
    return at;
}

std::string AirtimeLedger::save(BoxTime now, milliseconds promised) const {
    return record_.save(now, promised);
}

void AirtimeLedger::load(const std::string& text, BoxTime now) {
    record_.load(text, now);
    publish();
}

}  // namespace waypost
