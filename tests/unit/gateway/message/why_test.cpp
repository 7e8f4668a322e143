// SPDX-License-Identifier: Apache-2.0
#include "gateway/message/why.h"

#include <gtest/gtest.h>

#include "gateway/message/unreadable.h"

namespace waypost {
namespace {

TEST(Why, IsReadBackFromItsWords) {
    for (int i = 0; i <= static_cast<int>(Why::Operator); ++i) {
        const Why why{i};
        EXPECT_EQ(why_of("", to_string(why)), why) << to_string(why);
        EXPECT_EQ(why_of("550", std::string(to_string(why)) + ": more of it"), why);
    }
}

TEST(Why, WordsComeBeforeTheStatus) {
    EXPECT_EQ(why_of("550 5.1.1", "mailbox full"), Why::Full);
    EXPECT_EQ(why_of("550 5.1.1", "no such user here"), Why::NoAddress);
    EXPECT_EQ(why_of("5.2.2", ""), Why::Full);
    EXPECT_EQ(why_of("550 5.7.1", "go away"), Why::Refused);
    EXPECT_EQ(why_of("4.4.99", ""), Why::Time);
}

TEST(Why, WhatNobodyKnowsIsUnknown) {
    for (const char* code : {"", "550", "routing 5", "5.", "5.6.0", "   ", "5.1.11"})
        EXPECT_EQ(why_of(code, "mailbox fuller"), Why::Unknown) << code;
}

TEST(Unreadable, IsReadBackFromItsText) {
    const auto encrypted = unreadable_of(text_of(Unreadable::Encrypted, {}));
    ASSERT_TRUE(encrypted);
    EXPECT_EQ(encrypted->what, Unreadable::Encrypted);
    const auto large = unreadable_of(text_of(Unreadable::TooLarge, "31.2M"));
    ASSERT_TRUE(large);
    EXPECT_EQ(large->what, Unreadable::TooLarge);
    EXPECT_EQ(large->size, "31.2M");
    for (const char* text : {"", "[mail of ", "[mail of , too large here]", "[mail of 1M",
                             "[mail of a long story that ends, too large here]",
                             "[encrypted, cannot be read here] really"}) {
        EXPECT_FALSE(unreadable_of(text)) << text;
    }
}

}  // namespace
}  // namespace waypost
