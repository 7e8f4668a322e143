// SPDX-License-Identifier: Apache-2.0
// A place that an operator wrote down: "47.1234, 11.5678". A value.
#pragma once

#include <string_view>

#include "gateway/base/result.h"

namespace waypost {

struct GeoPoint {
    double latitude = 0;   // degrees north, -90 to 90
    double longitude = 0;  // degrees east, -180 to 180
};

// Latitude, a comma, longitude. BadInput says in a sentence what is wrong.
Result<GeoPoint> parse_geo_point(std::string_view text);

}  // namespace waypost
