// SPDX-License-Identifier: Apache-2.0
#include "bridges/nncp/retries.h"

#include <gtest/gtest.h>

namespace waypost::nncp {
namespace {

using std::chrono::minutes;

TEST(Retries, TheNextOneIsWaitedForAndNoneThatIsDue) {
    Retries retries;
    SpoolPacket packet, other;
    other.name.fill(1);
    const BoxTime start = box_from_ms(1000);
    EXPECT_EQ(retries.until_next(start, minutes(5)), minutes(5));
    retries.failed(packet, 3, start);
    retries.failed(other, 9, start);
    EXPECT_EQ(retries.until_next(start, minutes(5)), minutes(4));
    EXPECT_EQ(retries.until_next(start, minutes(1)), minutes(1));
    EXPECT_TRUE(retries.waits(packet, start + minutes(3)));
    EXPECT_FALSE(retries.waits(packet, start + minutes(4)));
    // Somebody else holds the lock, or has taken it away.
    EXPECT_EQ(retries.until_next(start + minutes(4), minutes(5)), minutes(5));
    EXPECT_EQ(retries.until_next(start + minutes(59), minutes(5)), minutes(1));
    retries.ended(other);
    EXPECT_FALSE(retries.waits(other, start));
}

}  // namespace
}  // namespace waypost::nncp
