// SPDX-License-Identifier: Apache-2.0
#include "bridges/exec/talks.h"

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
        Talks talks(state, now);
        for (std::size_t i = 0; i < Talks::kMost; ++i) talks.talked(number(i), "ana", now);
        EXPECT_EQ(talks.meant(number(0), text, now), "ana") << "and thus is not the oldest";
        talks.talked(number(Talks::kMost), "ben", now);
    }
    EXPECT_EQ(state.values.size(), Talks::kMost);
    Talks talks(state, now);
    EXPECT_EQ(talks.meant(number(0), text, now), "ana");
    EXPECT_EQ(talks.meant(number(1), text, now), "");
    EXPECT_EQ(talks.meant(number(Talks::kMost), text, now), "ben");
    EXPECT_EQ(text, "hello");
}

}  // namespace
}  // namespace waypost::exec
