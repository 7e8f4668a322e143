// SPDX-License-Identifier: Apache-2.0
#include "gateway/base/ask_limit.h"

#include <gtest/gtest.h>

namespace waypost {
namespace {

using std::chrono::minutes;

TEST(AskLimit, ManyWhoAskShareOneMeasureAndTakeNoMemory) {
    AskLimit limit({2, 2 * 60}, 3);
    const BoxTime now = box_from_ms(1'000'000);
    for (const char* who : {"a", "b", "c"}) EXPECT_TRUE(limit.may_ask(who, now));
    EXPECT_TRUE(limit.may_ask("d", now));
    EXPECT_TRUE(limit.may_ask("e", now));
    EXPECT_FALSE(limit.may_ask("f", now)) << "they share two";
    EXPECT_TRUE(limit.may_ask("a", now)) << "who was there before has his own";
    EXPECT_FALSE(limit.may_ask("a", now));
    EXPECT_LE(limit.known(), 4u);
    EXPECT_TRUE(limit.may_ask("f", now + minutes(2)));
    EXPECT_EQ(limit.known(), 1u) << "who is quiet is forgotten";
}

}  // namespace
}  // namespace waypost
