// SPDX-License-Identifier: Apache-2.0
#include "bridges/email/mailbox/sent_memory.h"

#include <gtest/gtest.h>

#include "bridges/email/mailbox/sent_copies.h"
#include "tests/fakes/memory_state.h"

namespace waypost::email {
namespace {

std::string id(std::size_t number) { return "<" + std::to_string(number) + "@hill.test>"; }

TEST(SentMemoryTest, OutlivesTheProcessAndHasAnEnd) {
    MemoryState state;
    {
        SentMemory memory;
        memory.load(state);
        for (std::size_t i = 0; i < SentMemory::kMost + 10; ++i)
            memory.remember({id(i), "ana+t", i == 3 ? "early" : "", 0});
    }
    SentMemory again;
    again.load(state);
    EXPECT_EQ(again.by_id(id(9)), nullptr) << "the oldest went";
    EXPECT_EQ(again.by_token("early"), nullptr);
    ASSERT_NE(again.by_id(id(10)), nullptr);
    ASSERT_NE(again.by_id(id(SentMemory::kMost + 9)), nullptr);
    again.remember({id(5000), "ben+t", "new", 0});
    EXPECT_EQ(again.by_id(id(10)), nullptr) << "and goes on where it was";
    ASSERT_NE(again.by_token("new"), nullptr);
    EXPECT_EQ(again.by_token("new")->answer_to, "ben+t");
    EXPECT_LE(state.values.size(), SentMemory::kMost + 1);
}

TEST(SentMemoryTest, ARepeatTakesNoSecondPlaceAndAMarkStandsForAWeek) {
    MemoryState state;
    SentMemory memory;
    memory.load(state);
    memory.remember({id(1), "ana+first", "tok", 100});
    memory.remember({id(1), "ana+first", "tok", 100});
    EXPECT_EQ(state.values.size(), 2u);
    memory.remember({id(2), "ana+second", "tok", 106});
    EXPECT_EQ(memory.by_token("tok")->answer_to, "ana+first");
    memory.remember({id(3), "ana+third", "tok", 107});
    EXPECT_EQ(memory.by_token("tok")->answer_to, "ana+third");
    memory.remember({id(3), "ana+third", "other", 107});
    ASSERT_NE(memory.by_token("tok"), nullptr) << "others of the conversation still have it";
    EXPECT_EQ(memory.by_token("tok")->answer_to, "ana+first");
}

TEST(SentMemoryTest, WhatCannotBeReadIsNotThere) {
    for (const char* bad :
         {"", "a", "a b", "a b c", " b 1 c", "a  1 c", "a b x d", "a b 1 c d", "a b 01 c"})
        EXPECT_FALSE(parse_sent_mail(bad).has_value()) << bad;
    MemoryState state;
    state.put("sent-next", "999999999999999999999");
    SentMemory memory;
    memory.load(state);
    memory.remember({"<a b>", "ana", "", 0});
    EXPECT_EQ(memory.by_id("<a b>"), nullptr);
}

TEST(SentCopiesTest, InOrderOverARestartAndNoMoreThanFits) {
    MemoryState state;
    SentCopies copies;
    copies.load(state);
    for (std::size_t i = 0; i < SentCopies::kMost; ++i)
        EXPECT_TRUE(copies.add("mail " + std::to_string(i)));
    EXPECT_FALSE(copies.add("one too many"));
    SentCopies again;
    again.load(state);
    EXPECT_EQ(again.size(), SentCopies::kMost);
    EXPECT_EQ(again.front(), "mail 0");
    again.pop();
    EXPECT_EQ(again.front(), "mail 1");
    EXPECT_TRUE(again.add(std::string(SentCopies::kMostDurable + 1, 'x')));
    while (again.size() > 1) again.pop();
    EXPECT_EQ(again.front()->size(), SentCopies::kMostDurable + 1);
    SentCopies third;
    third.load(state);
    EXPECT_EQ(third.front(), "") << "a large one did not outlive the process";
    third.pop();
    EXPECT_EQ(third.front(), std::nullopt);
    EXPECT_EQ(state.values.size(), 1u);
}

}  // namespace
}  // namespace waypost::email
