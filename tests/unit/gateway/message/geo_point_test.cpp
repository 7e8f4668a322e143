// SPDX-License-Identifier: Apache-2.0
#include "gateway/message/geo_point.h"

#include <gtest/gtest.h>

namespace waypost {
namespace {

TEST(GeoPoint, IsLatitudeAndLongitudeInDegrees) {
    const auto hill = parse_geo_point("47.1234, 11.5678");
    ASSERT_TRUE(hill.ok());
    EXPECT_DOUBLE_EQ(hill->latitude, 47.1234);
    EXPECT_DOUBLE_EQ(hill->longitude, 11.5678);
    const auto south = parse_geo_point(" -33.9,-180 ");
    ASSERT_TRUE(south.ok());
    EXPECT_DOUBLE_EQ(south->latitude, -33.9);
    EXPECT_DOUBLE_EQ(south->longitude, -180);
}

TEST(GeoPoint, WhatIsWrongIsSaid) {
    const struct {
        const char* text;
        const char* part;
    } kWrong[] = {
        {"", "latitude, a comma, longitude"},
        {"47.1", "latitude, a comma, longitude"},
        {"47,1234, 11,5678", "degrees with a point"},
        {"47.1, 11.5, 3", "degrees with a point"},
        {"N47.1, E11.5", "degrees with a point"},
        {"nan, 3", "degrees with a point"},
        {"1, inf", "degrees with a point"},
        {"47.1,", "degrees with a point"},
        {"1e1, 3", "degrees with a point"},
        {"91, 0", "latitude, the first, is -90 to 90"},
        {"0, 180.1", "longitude, the second, is -180 to 180"},
    };
    for (const auto& [text, part] : kWrong) {
        const auto point = parse_geo_point(text);
        ASSERT_FALSE(point.ok()) << text;
        EXPECT_NE(point.error().text.find(part), std::string::npos) << point.error().text;
    }
}

}  // namespace
}  // namespace waypost
