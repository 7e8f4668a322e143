// SPDX-License-Identifier: Apache-2.0
#include "gateway/delivery/sampler.h"

#include <cmath>

namespace waypost {
namespace {

// Whatever else a transport measures is shown by /metrics only.
constexpr const char* kKept[] = {"snr_db", "loss", "heard", "waiting"};

}  // namespace

std::vector<store::Sample> Sampler::look(const TransportId& id, const Status& status,
                                         std::optional<std::int64_t> waiting) {
    std::vector<store::Sample> samples{{id, "up", status.up ? 1.0 : 0.0}};
    const auto& metrics = status.metrics;
    for (const char* name : kKept) {
        const auto found = metrics.find(name);
        if (found != metrics.end() && std::isfinite(found->second))
            samples.push_back({id, name, found->second});
    }
    if (waiting && metrics.count("waiting") == 0)
        samples.push_back({id, "waiting", static_cast<double>(*waiting)});
    const auto total = metrics.find("airtime_total_ms");
    if (total != metrics.end() && std::isfinite(total->second))
        samples.push_back({id, store::kAirtime, sent_since(id, total->second)});
    return samples;
}

// A counter instead of the sliding hour, of which nobody can tell what left it meanwhile. An
// instance that came anew counts from nothing.
double Sampler::sent_since(const TransportId& id, double total_ms) {
    const auto [known, is_new] = total_ms_.try_emplace(id, 0.0);
    const double before = std::exchange(known->second, total_ms);
    return total_ms < before ? total_ms : total_ms - before;
}

}  // namespace waypost
