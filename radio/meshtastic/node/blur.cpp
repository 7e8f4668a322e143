// SPDX-License-Identifier: Apache-2.0
#include "radio/meshtastic/node/blur.h"

#include <cstdint>

#include "meshtastic.pb.h"

namespace waypost::meshtastic {
namespace {

constexpr int kAll = 32;

std::int32_t cut(std::int32_t value, int bits) {
    const std::uint32_t mask = 0xFFFFFFFFu << (kAll - bits);
    const std::uint32_t half = 1u << (kAll - 1 - bits);
    return static_cast<std::int32_t>((static_cast<std::uint32_t>(value) & mask) + half);
}

}  // namespace

std::string blur_position(const std::string& payload, int bits) {
    pb::Position said;
    if (bits <= 0 || !said.ParseFromString(payload) || !said.has_latitude_i() ||
        !said.has_longitude_i())
        return {};
    const auto before = static_cast<int>(said.precision_bits());
    if (bits >= kAll || (before > 0 && before <= bits)) return payload;
    pb::Position blurred;
    blurred.set_latitude_i(cut(said.latitude_i(), bits));
    blurred.set_longitude_i(cut(said.longitude_i(), bits));
    blurred.set_time(said.time());
    blurred.set_timestamp(said.timestamp());
    blurred.set_precision_bits(static_cast<std::uint32_t>(bits));
    return blurred.SerializeAsString();
}

}  // namespace waypost::meshtastic
