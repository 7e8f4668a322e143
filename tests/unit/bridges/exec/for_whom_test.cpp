// SPDX-License-Identifier: Apache-2.0
#include "bridges/exec/for_whom.h"

#include <gtest/gtest.h>

#include "tests/fakes/memory_state.h"

namespace waypost::exec {
namespace {

Address number(std::size_t i) { return {"sms", '+' + std::to_string(i)}; }

// Numbers cost whoever makes them up nothing.
TEST(Talks, AreBoundedAndOutlastARestart) {
    MemoryState state;
    const WallTime now = wall_from_ms(1767225600'000);
    std::string text = "hello";
    {
        Talks talks(state, kMostTalks, now);
        for (std::size_t i = 0; i < kMostTalks; ++i) talks.talked(number(i), "ana", now);
        EXPECT_EQ(for_whom(talks, number(0), text, now), "ana") << "and thus is not the oldest";
        talks.talked(number(kMostTalks), "ben", now);
    }
    EXPECT_EQ(state.values.size(), kMostTalks);
    Talks talks(state, kMostTalks, now);
    EXPECT_EQ(for_whom(talks, number(0), text, now), "ana");
    EXPECT_EQ(for_whom(talks, number(1), text, now), "");
    EXPECT_EQ(for_whom(talks, number(kMostTalks), text, now), "ben");
    EXPECT_EQ(text, "hello");
}

}  // namespace
}  // namespace waypost::exec
