// SPDX-License-Identifier: Apache-2.0
#include "bridges/nncp/courier/rides.h"

#include <algorithm>

namespace waypost::nncp {

std::int64_t plausible_seconds(std::int64_t unix_seconds) {
    constexpr std::int64_t kYear2024 = 1'704'067'200;
    return unix_seconds < kYear2024 ? 0 : unix_seconds;
}

// Its inside cannot be read here, but has a size of its own: nothing but a path, in each layer.
static bool is_ack(const SpoolPacket& packet) {
    constexpr std::uint64_t kLayer = 480;
    return packet.nice == kNiceAck && packet.bytes > 0 && packet.bytes % kLayer == 0;
}

Rides::Rides(const std::vector<StickRecord>& all, const StickRecord& here, const RideRules& rules,
             std::int64_t now)
    : rules_(rules), now_(plausible_seconds(now)) {
    for (const StickRecord& each : all)
        if (each.id != here.id)
            for (const Ride& ride : each.rides) count(ride);
    for (const Ride& ride : here.rides) {
        count(ride);
        here_[{ride.node, ride.packet}] = ride;
    }
}

void Rides::count(const Ride& ride) {
    Sum& sum = sums_[{ride.node, ride.packet}];
    sum.times += ride.times;
    sum.last = std::max(sum.last, ride.at);
}

bool Rides::skip(const SpoolPacket& packet, bool lies_there) const {
    if (lies_there) return false;
    const auto ride = here_.find({packet.node, packet.name});
    if (ride == here_.end()) return false;
    const std::int64_t at = ride->second.at;
    const std::int64_t pause = rules_.again_seconds << std::clamp(ride->second.times - 1, 0, 8);
    return now_ == 0 || at == 0 || now_ - at < pause;
}

bool Rides::passed(std::int64_t since, std::int64_t seconds) const {
    return now_ != 0 && since != 0 && now_ - since >= seconds;
}

bool Rides::enough(const SpoolPacket& packet, std::int64_t made) const {
    const auto found = sums_.find({packet.node, packet.name});
    if (found == sums_.end()) return false;
    const Sum& sum = found->second;
    if (is_ack(packet))
        return sum.times >= rules_.ack_rides || passed(sum.last, rules_.ack_seconds);
    const bool answers = rules_.answering.count(packet.node) > 0;
    if (rules_.rides > 0 && !answers && sum.times >= rules_.rides) return true;
    return passed(plausible_seconds(made), rules_.keep_seconds);
}

void Rides::rode(const SpoolPacket& packet) {
    const Key key{packet.node, packet.name};
    Ride& ride = here_.try_emplace(key, Ride{packet.node, packet.name, 0, 0}).first->second;
    ++ride.times;
    if (now_ != 0) ride.at = now_;
    Sum& sum = sums_[key];
    ++sum.times;
    sum.last = std::max(sum.last, now_);
}

std::vector<Ride> Rides::here(const std::vector<SpoolPacket>& waiting) const {
    std::vector<Ride> rides;
    for (const SpoolPacket& packet : waiting) {
        const auto found = here_.find({packet.node, packet.name});
        if (found == here_.end()) continue;
        rides.push_back(found->second);
        // A ride at an unknown time counts from the first time that is known.
        if (rides.back().at == 0) rides.back().at = now_;
    }
    return rides;
}

}  // namespace waypost::nncp
