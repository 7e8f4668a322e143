// SPDX-License-Identifier: Apache-2.0
#include "gateway/delivery/desk_history.h"

#include <algorithm>

namespace waypost {
namespace {

constexpr store::Ms kHourMs = 3'600'000;
constexpr int kFinestHours = 24;
constexpr int kMostSteps = 168;
constexpr int kCoarser[] = {2, 3, 6};  // buckets; each divides an hour

store::Ms step_for(int hours) {
    if (hours <= kFinestHours) return store::kSampleBucketMs;
    for (const int buckets : kCoarser) {
        const store::Ms step = buckets * store::kSampleBucketMs;
        if (hours * kHourMs / step <= kMostSteps) return step;
    }
    return kHourMs;
}

// A clock that was set back may have put more into a step than it holds.
double value_of(const store::SampleSum& sum, store::Ms step_ms) {
    if (sum.metric == store::kAirtime) return std::clamp<double>(sum.total, 0, double(step_ms));
    return sum.total / static_cast<double>(sum.times);
}

}  // namespace

Result<History> history(GatewayOffice& office, int hours) {
    History all;
    all.step_ms = step_for(hours);
    const store::Ms now = office.box().wall_ms();
    const store::Ms until = now - now % all.step_ms + all.step_ms;
    all.from_ms = until - hours * kHourMs;
    const auto steps = static_cast<std::size_t>((until - all.from_ms) / all.step_ms);
    const auto sums = office.box().store.read([&](store::Tables& tables) {
        return tables.samples.sums(all.from_ms, all.step_ms, until);
    });
    if (!sums.ok()) return sums.error();

    std::map<TransportId, TransportHistory> found;
    for (const auto& each : office.transports().all())
        found[each->id()] = {each->id(), each->network(), {}};
    for (const store::SampleSum& sum : *sums) {
        TransportHistory& one = found[sum.transport];
        one.id = sum.transport;
        Series& series = one.series[sum.metric];
        series.resize(steps);
        series[static_cast<std::size_t>(sum.step)] = value_of(sum, all.step_ms);
    }
    for (auto& [id, each] : found) all.transports.push_back(std::move(each));
    return all;
}

}  // namespace waypost
