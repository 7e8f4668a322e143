// SPDX-License-Identifier: Apache-2.0
#include "gateway/message/geo_point.h"

#include <charconv>
#include <cmath>
#include <optional>
#include <string>

namespace waypost {
namespace {

std::string_view trimmed(std::string_view text) {
    const std::size_t from = text.find_first_not_of(" \t");
    if (from == std::string_view::npos) return {};
    return text.substr(from, text.find_last_not_of(" \t") - from + 1);
}

// Of the whole text, and no word as "inf".
std::optional<double> degrees(std::string_view text) {
    text = trimmed(text);
    double value = 0;
    const char* end = text.data() + text.size();
    const auto [stopped, failed] =
        std::from_chars(text.data(), end, value, std::chars_format::fixed);
    if (failed != std::errc() || stopped != end || !std::isfinite(value)) return std::nullopt;
    return value;
}

Error wrong(std::string_view text, const std::string& why) {
    return {Code::BadInput, '"' + std::string(text) + "\" is no place: " + why, false};
}

}  // namespace

Result<GeoPoint> parse_geo_point(std::string_view text) {
    const std::size_t comma = text.find(',');
    if (comma == std::string_view::npos)
        return wrong(text, "write latitude, a comma, longitude, as in \"47.1234, 11.5678\"");
    const auto latitude = degrees(text.substr(0, comma));
    const auto longitude = degrees(text.substr(comma + 1));
    if (!latitude || !longitude)
        return wrong(text, "write degrees with a point, as in \"47.1234, 11.5678\"");
    if (std::abs(*latitude) > 90) return wrong(text, "latitude, the first, is -90 to 90");
    if (std::abs(*longitude) > 180) return wrong(text, "longitude, the second, is -180 to 180");
    return GeoPoint{*latitude, *longitude};
}

}  // namespace waypost
