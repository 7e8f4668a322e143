// SPDX-License-Identifier: Apache-2.0
#include "radio/trunk/tools/survey.h"

#include <algorithm>

namespace waypost::trunk {

void Spread::add(double value) {
    ++count_;
    sum_ += value;
    worst_ = std::min(worst_, value);
}

void PingTotals::add(const PingResult& result) {
    if (result.kind == PingResult::Kind::NotSent) {
        ++not_sent_;
        return;
    }
    ++sent_;
    if (result.kind != PingResult::Kind::Answered) return;
    ++answered_;
    round_trip_ms.add(static_cast<double>(result.round_trip.count()));
    if (result.here.rssi_dbm) rssi_here.add(*result.here.rssi_dbm);
    if (result.here.snr_db) snr_here.add(double{*result.here.snr_db});
    if (result.there.rssi_dbm) rssi_there.add(*result.there.rssi_dbm);
    if (result.there.snr_db) snr_there.add(double{*result.there.snr_db});
}

double PingTotals::loss_percent() const {
    return sent_ == 0 ? 0 : 100.0 * (sent_ - answered_) / sent_;
}

bool Survey::add(const SurveyPoint& point) {
    const auto found = std::find_if(places_.begin(), places_.end(),
                                    [&](const auto& each) { return each.name == point.place; });
    if (found == places_.end() && places_.size() >= kMostPlaces) return false;
    SurveyPlace& place = found == places_.end()
                             ? places_.emplace_back(SurveyPlace{point.place, point.at, {}})
                             : *found;
    place.totals.add(point.result);
    return true;
}

}  // namespace waypost::trunk
