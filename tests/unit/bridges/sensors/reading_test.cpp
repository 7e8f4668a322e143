// SPDX-License-Identifier: Apache-2.0
#include "bridges/sensors/reading.h"

#include <gtest/gtest.h>

namespace waypost::sensors {
namespace {

TEST(Reading, PlainNumbersAndWords) {
    EXPECT_EQ(read_number("2.5"), 2.5);
    EXPECT_EQ(read_number(" -3\n"), -3);
    EXPECT_EQ(read_number("+4"), 4);
    EXPECT_EQ(read_number("1e3"), 1000);
    EXPECT_EQ(read_number("ON"), 1);
    EXPECT_EQ(read_number("closed"), 0);
    for (const char* bad : {"", " ", "2.5 m", "nan", "inf", "1e99", "--1", "unavailable", "0x10"})
        EXPECT_EQ(read_number(bad), std::nullopt) << bad;
    EXPECT_EQ(read_number(std::string(100, '1')), std::nullopt);
}

TEST(Reading, PlacesInJson) {
    Rule rule;
    const std::string json =
        R"({"level": 2.5, "list": [{"v": "7"}, true], "a/b": 3, "m~n": 4, "no": null})";
    const auto at = [&](const char* pointer) {
        rule.value = pointer;
        return read_value(json, rule);
    };
    EXPECT_EQ(at("/level"), 2.5);
    EXPECT_EQ(at("/list/0/v"), 7);
    EXPECT_EQ(at("/list/1"), 1);
    EXPECT_EQ(at("/a~1b"), 3);
    EXPECT_EQ(at("/m~0n"), 4);
    for (const char* nowhere : {"/none", "/list/2", "/list/x", "/list/-1", "/level/deeper", "/no",
                                "/list", "/list/99999"})
        EXPECT_EQ(at(nowhere), std::nullopt) << nowhere;
}

TEST(Reading, BrokenAndHugeJsonIsNone) {
    Rule rule;
    rule.value = "/level";
    std::string deep;
    for (int i = 0; i < 200; ++i) deep += "{\"level\":";
    for (const std::string& bad :
         {std::string("{"), std::string("{\"level\":}"), deep, std::string("[1,2"),
          "{\"level\":1" + std::string(kMostPayload, ' ') + '}'})
        EXPECT_EQ(read_value(bad, rule), std::nullopt) << bad.substr(0, 40);
}

TEST(Reading, NumbersAmongBytes) {
    const std::string bytes("\x01\x02\xff\xfe\x80\x00\x00\x00", 8);
    EXPECT_EQ(read_bytes(bytes, {0, 2, false, false, 1, 0}), 0x0102);
    EXPECT_EQ(read_bytes(bytes, {0, 2, false, true, 1, 0}), 0x0201);
    EXPECT_EQ(read_bytes(bytes, {2, 2, true, false, 0.5, 10}), 9);
    EXPECT_EQ(read_bytes(bytes, {2, 1, false, false, 1, 0}), 255);
    EXPECT_EQ(read_bytes(bytes, {2, 1, true, false, 1, 0}), -1);
    EXPECT_EQ(read_bytes(bytes, {4, 4, false, false, 0.001, 0}), 2147483.648);
    EXPECT_EQ(read_bytes(bytes, {7, 2, false, false, 1, 0}), std::nullopt);
    EXPECT_EQ(read_bytes(bytes, {9, 1, false, false, 1, 0}), std::nullopt);
    EXPECT_EQ(read_bytes(bytes, {0, 5, false, false, 1, 0}), std::nullopt);
}

TEST(Reading, TextsAreFilledOnce) {
    Rule rule;
    rule.name = "river";
    EXPECT_EQ(fill("{name} at {value} m", rule, 2.5), "river at 2.5 m");
    EXPECT_EQ(number_text(-0.0001), "0");
    EXPECT_EQ(number_text(1.2345), "1.234");
    EXPECT_EQ(number_text(100), "100");
}

}  // namespace
}  // namespace waypost::sensors
