// SPDX-License-Identifier: Apache-2.0
#include "bridges/nncp/node/nice.h"

#include <gtest/gtest.h>

namespace waypost::nncp {
namespace {

TEST(NiceTest, ReadsNumbersNamesAndSteps) {
    const std::pair<const char*, int> kCases[] = {
        {"1", 1},   {"255", 255}, {"F", 32},         {"FLASH", 32},
        {"P", 96},  {"N+1", 161}, {"NORMAL-9", 151}, {"PRIORITY+10", 106},
        {"B", 224}, {"MAX", 255}, {"B+31", 255},     {"F-31", 1}};
    for (const auto& [text, nice] : kCases) {
        const auto read = parse_nice(text);
        ASSERT_TRUE(read.ok()) << text;
        EXPECT_EQ(*read, nice) << text;
    }
    for (const char* text : {"", "0", "256", "-1", "X", "PRIO", "B+32", "F-32", "N+", "N*2", "p",
                             "P+1x", "N+99999999999", "1 "})
        EXPECT_FALSE(parse_nice(text).ok()) << text;
}

TEST(NiceTest, WritesWhatItReads) {
    EXPECT_EQ(to_text(96), "P");
    EXPECT_EQ(to_text(234), "B+10");
    EXPECT_EQ(to_text(255), "MAX");
    for (int nice = 1; nice < 256; ++nice)
        EXPECT_EQ(*parse_nice(to_text(static_cast<Nice>(nice))), nice);
}

}  // namespace
}  // namespace waypost::nncp
