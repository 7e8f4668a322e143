// SPDX-License-Identifier: Apache-2.0
// How transports did, minute by minute, for charts.
#include "gateway/delivery/office.h"

namespace waypost {
namespace {

using Counts = std::map<std::string, std::int64_t>;

Counts waiting_by_network(store::Store& store) {
    const auto counts = store.read([](store::Tables& t) { return t.deliveries.counts(); });
    Counts waiting;
    if (!counts.ok()) return waiting;
    for (const store::Count& each : *counts) {
        if (each.state != State::Held) waiting[each.network] += each.count;
    }
    return waiting;
}

// Of several on one network nobody knows by which of them it will leave.
std::optional<std::int64_t> waiting_for(const Transport& transport, const Counts& waiting,
                                        const Transports& all) {
    if (all.of_network(transport.network()).size() != 1) return std::nullopt;
    const auto found = waiting.find(transport.network());
    return found == waiting.end() ? 0 : found->second;
}

}  // namespace

// Looked at also while the clock is doubted, or the first value after that would be of all the time
// before; kept only under a time that is believed.
void GatewayOffice::take_samples(bool believed) {
    const store::Ms now = box_.box_ms();
    if (now - sampled_box_ms_ < Sampler::kEvery.count()) return;
    sampled_box_ms_ = now;
    const Counts waiting = waiting_by_network(box_.store);
    std::vector<store::Sample> samples;
    for (const auto& transport : transports_.all()) {
        for (store::Sample& each : sampler_.look(transport->id(), transport->status(),
                                                 waiting_for(*transport, waiting, transports_)))
            samples.push_back(std::move(each));
    }
    if (!believed || samples.empty()) return;
    box_.store.writer().submit(
        [at = box_.wall_ms(), samples = std::move(samples)](store::Tables& tables) {
            for (const store::Sample& each : samples) tables.samples.add(at, each);
        },
        {});
}

}  // namespace waypost
