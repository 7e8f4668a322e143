// SPDX-License-Identifier: Apache-2.0
#include "radio/airtime/shared_band.h"

#include <algorithm>

namespace waypost {

SharedBand::SharedBand(milliseconds per_hour, std::size_t radios)
    : per_hour_(per_hour), radios_(radios) {}

milliseconds SharedBand::left_locked(const std::string& radio, BoxTime now, bool alarm) const {
    if (records_.size() < radios_) return milliseconds(0);
    milliseconds left = per_hour_ - (alarm ? milliseconds(0) : per_hour_ / 10);
    for (const auto& [name, record] : records_)
        left -= record.all_used(now) + (name == radio ? milliseconds(0) : record.held());
    return std::max(left, milliseconds(0));
}

milliseconds SharedBand::left(const std::string& radio, BoxTime now, bool alarm) const {
    const std::lock_guard lock(mutex_);
    return left_locked(radio, now, alarm);
}

BoxTime SharedBand::next_relief(BoxTime now) const {
    const std::lock_guard lock(mutex_);
    BoxTime next = BoxTime::max();
    for (const auto& [radio, record] : records_) next = std::min(next, record.next_relief(now));
    return next;
}

void SharedBand::publish(const std::string& radio, const AirtimeRecord& record) {
    const std::lock_guard lock(mutex_);
    records_[radio] = record;
}

bool SharedBand::publish_if_left(const std::string& radio, const AirtimeRecord& after, BoxTime now,
                                 milliseconds airtime, bool alarm) {
    const std::lock_guard lock(mutex_);
    if (airtime > left_locked(radio, now, alarm)) return false;
    records_[radio] = after;
    return true;
}

}  // namespace waypost
