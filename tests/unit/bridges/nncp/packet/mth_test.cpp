// SPDX-License-Identifier: Apache-2.0
#include "bridges/nncp/packet/mth.h"

#include <gtest/gtest.h>

#include "tests/unit/bridges/nncp/vectors.h"

namespace waypost::nncp {
namespace {

std::span<const std::uint8_t> bytes_of(std::string_view text) {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

TEST(NncpMth, IsWhatNncpHashSays) {
    ASSERT_EQ(mth_rows().size(), 11u);
    for (const MthRow& row : mth_rows()) {
        const std::string pattern = mth_pattern(row.size);
        MemorySource source(pattern);
        EXPECT_EQ(hex_of(*mth_of(source)), row.hex) << row.size;
    }
}

TEST(NncpMth, NamesEveryPacket) {
    for (const auto* all : {&good_vectors(), &bad_vectors()}) {
        for (const Vector& each : *all) {
            MemorySource source(each.bytes);
            EXPECT_EQ(to_base32(*mth_of(source)), each.spool) << each.name;
        }
    }
}

TEST(NncpMth, PiecesOfAnySizeGiveTheSame) {
    for (const MthRow& row : mth_rows()) {
        const std::string pattern = mth_pattern(row.size);
        for (const std::size_t piece : {1000u, 131071u, 131073u, 700000u}) {
            MthHasher hasher;
            for (std::size_t at = 0; at < pattern.size(); at += piece) {
                hasher.update(bytes_of(std::string_view(pattern).substr(at, piece)));
            }
            EXPECT_EQ(hex_of(hasher.finish()), row.hex) << row.size << " in " << piece;
        }
    }
}

TEST(NncpMth, SinkCountsAndPassesOn) {
    MemorySink end(10);
    MthSink sink(end);
    ASSERT_TRUE(sink.write(bytes_of("abc")).ok());
    ASSERT_TRUE(sink.write(bytes_of("def")).ok());
    EXPECT_EQ(sink.bytes(), 6u);
    EXPECT_EQ(end.bytes(), "abcdef");
    MemorySource same("abcdef");
    EXPECT_EQ(sink.finish(), *mth_of(same));
    MthSink over(end);
    EXPECT_EQ(over.write(bytes_of("ghijk")).error().code, Code::TooLarge);
}

}  // namespace
}  // namespace waypost::nncp
