// SPDX-License-Identifier: Apache-2.0
#include "radio/airtime/shared_band.h"

#include <algorithm>
#include <stdexcept>

namespace waypost {

SharedBand::SharedBand(milliseconds per_hour, std::size_t radios)
    : per_hour_(per_hour), radios_(radios) {}

void SharedBand::expect(const std::string& radio) {
    const std::lock_guard lock(mutex_);
    expected_.insert(radio);
}

void SharedBand::limit(milliseconds per_hour) {
    const std::lock_guard lock(mutex_);
    per_hour_ = per_hour_ == milliseconds(0) ? per_hour : std::min(per_hour_, per_hour);
}

milliseconds SharedBand::left_locked(const std::string& radio, BoxTime now, bool alarm) const {
    if (records_.size() < radios_ || per_hour_ == milliseconds(0)) return milliseconds(0);
    for (const std::string& each : expected_)
        if (records_.count(each) == 0) return milliseconds(0);
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

std::shared_ptr<SharedBand> SharedBands::join(const std::string& name, const std::string& radio,
                                              const std::string& section, const std::string& law,
                                              milliseconds per_hour) {
    Named& named = bands_[name];
    auto band = named.band.lock();
    if (band == nullptr) {
        band = std::make_shared<SharedBand>();
        named = {band, {}, {}};
    }
    if (!law.empty() && !named.law.empty() && law != named.law)
        throw std::runtime_error("shared_band: [" + named.section + "] sends on " + named.law +
                                 " and [" + section + "] on " + law +
                                 ": give them different names, or none");
    if (!law.empty() && named.law.empty()) {
        named.law = law;
        named.section = section;
    }
    band->expect(radio);
    if (!law.empty()) band->limit(per_hour);
    return band;
}

}  // namespace waypost
