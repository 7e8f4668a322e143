// SPDX-License-Identifier: Apache-2.0
#include "web/site/ranges.h"

#include <gtest/gtest.h>

namespace waypost::site {
namespace {

using Kind = ByteRange::Kind;

TEST(Ranges, AreReadAsTheRfcHasThem) {
    const struct {
        const char* header;
        std::uint64_t size;
        Kind kind;
        std::uint64_t from;
        std::uint64_t bytes;
    } kCases[] = {
        {"", 100, Kind::Whole, 0, 100},
        {"bytes=0-0", 100, Kind::Part, 0, 1},
        {"bytes=10-19", 100, Kind::Part, 10, 10},
        {"bytes=90-", 100, Kind::Part, 90, 10},
        {"bytes=90-1000", 100, Kind::Part, 90, 10},
        {"bytes=-10", 100, Kind::Part, 90, 10},
        {"bytes=-1000", 100, Kind::Part, 0, 100},
        {"bytes=100-", 100, Kind::Outside, 0, 0},
        {"bytes=0-10", 0, Kind::Outside, 0, 0},
        {"bytes=-0", 100, Kind::Outside, 0, 0},
        {"bytes=5-4", 100, Kind::Whole, 0, 100},
        {"bytes=0-1,5-6", 100, Kind::Whole, 0, 100},
        {"bytes=a-b", 100, Kind::Whole, 0, 100},
        {"bytes=-", 100, Kind::Whole, 0, 100},
        {"bytes=--5", 100, Kind::Whole, 0, 100},
        {"bytes=99999999999999999999-", 100, Kind::Whole, 0, 100},
        {"lines=0-1", 100, Kind::Whole, 0, 100},
        {"bytes=4294967296-4294967297", 1ull << 33, Kind::Part, 1ull << 32, 2},
    };
    for (const auto& each : kCases) {
        const ByteRange range = range_of(each.header, each.size);
        EXPECT_EQ(range.kind, each.kind) << each.header;
        EXPECT_EQ(range.from, each.from) << each.header;
        EXPECT_EQ(range.bytes, each.bytes) << each.header;
    }
}

}  // namespace
}  // namespace waypost::site
