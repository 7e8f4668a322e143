// SPDX-License-Identifier: Apache-2.0
#include "radio/meshtastic/position.h"

#include <cmath>

#include "meshtastic.pb.h"

namespace waypost::meshtastic {

// Degrees by ten million; `precision_bits` of them say something, the rest its sender has cut off.
// 0, 0 is what a device says that knows nothing.
std::optional<Place> place_in(const std::string& payload) {
    pb::Position p;
    if (!p.ParseFromString(payload) || !p.has_latitude_i() || !p.has_longitude_i())
        return std::nullopt;
    const double latitude = p.latitude_i() / 1e7;
    const double longitude = p.longitude_i() / 1e7;
    const bool nowhere = p.latitude_i() == 0 && p.longitude_i() == 0;
    if (nowhere || std::abs(latitude) > 90 || std::abs(longitude) > 180) return std::nullopt;
    Place place{latitude, longitude, 0, p.timestamp() != 0 ? p.timestamp() : p.time()};
    constexpr double kHalfRoundTheEarth = 20'037'508;  // metres
    if (p.precision_bits() > 0 && p.precision_bits() < 32) {
        place.metres =
            static_cast<int>(std::ldexp(kHalfRoundTheEarth, -static_cast<int>(p.precision_bits())));
    }
    return place;
}

std::optional<std::int64_t> time_in(const std::string& payload) {
    pb::Position p;
    if (!p.ParseFromString(payload) || p.time() == 0) return std::nullopt;
    return p.time();
}

}  // namespace waypost::meshtastic
