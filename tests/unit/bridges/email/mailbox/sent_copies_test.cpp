// SPDX-License-Identifier: Apache-2.0
#include "bridges/email/mailbox/sent_copies.h"

#include <gtest/gtest.h>

#include <set>

#include "tests/fakes/memory_state.h"

namespace waypost::email {
namespace {

// Notes every name that was ever used.
struct NamesOfState final : MemoryState {
    void put(const std::string& key, std::string value) override {
        names.insert(key);
        MemoryState::put(key, std::move(value));
    }
    void erase(const std::string& key) override {
        names.insert(key);
        MemoryState::erase(key);
    }
    std::set<std::string> names;
};

TEST(SentCopiesTest, TheNamesAreAlwaysTheSameFew) {
    NamesOfState state;
    SentCopies copies;
    copies.load(state);
    for (int i = 0; i < 1000; ++i) {
        ASSERT_TRUE(copies.add("mail " + std::to_string(i)));
        ASSERT_EQ(copies.front(), "mail " + std::to_string(i));
        copies.pop();
    }
    EXPECT_LE(state.names.size(), SentCopies::kMost + 1);
    EXPECT_EQ(state.values.size(), 1u) << "nothing waits but the bounds";
}

TEST(SentCopiesTest, AFullRoundIsInOrderAfterARestart) {
    NamesOfState state;
    SentCopies before;
    before.load(state);
    for (int i = 0; i < 95; ++i) {
        before.add("x");
        before.pop();
    }
    for (std::size_t i = 0; i < SentCopies::kMost; ++i)
        ASSERT_TRUE(before.add("mail " + std::to_string(i)));
    EXPECT_FALSE(before.add("one more")) << "it would take the place of the first";
    SentCopies after;
    after.load(state);
    ASSERT_EQ(after.size(), SentCopies::kMost);
    for (std::size_t i = 0; i < SentCopies::kMost; ++i) {
        ASSERT_EQ(after.front(), "mail " + std::to_string(i));
        after.pop();
    }
    EXPECT_FALSE(after.front());
}

TEST(SentCopiesTest, ALargeOneThatARestartLostIsNotTakenForAnother) {
    NamesOfState state;
    state.put("copy-0", "written, and killed before it counted");
    SentCopies before;
    before.load(state);
    ASSERT_TRUE(before.add(std::string(SentCopies::kMostDurable + 1, 'x')));
    SentCopies after;
    after.load(state);
    EXPECT_EQ(after.front(), "");
}

}  // namespace
}  // namespace waypost::email
