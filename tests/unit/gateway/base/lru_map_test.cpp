// SPDX-License-Identifier: Apache-2.0
#include "gateway/base/lru_map.h"

#include <gtest/gtest.h>

#include <vector>

namespace waypost {
namespace {

TEST(LruMap, WhatWasUsedLongestAgoGoes) {
    LruMap<int> map(3);
    std::vector<std::string> gone;
    const auto dropped = [&](const std::string& key, int) { gone.push_back(key); };
    for (const char* key : {"a", "b", "c"}) map.put(key, 1, dropped);
    EXPECT_NE(map.find("a"), nullptr);  // used: b is now the oldest
    map.put("c", 2, dropped);
    EXPECT_TRUE(gone.empty());
    map.put("d", 4, dropped);
    EXPECT_EQ(gone, std::vector<std::string>{"b"});
    EXPECT_EQ(map.size(), 3u);
    EXPECT_EQ(map.find("b"), nullptr);
    EXPECT_EQ(*map.find("c"), 2);
    map.erase("c");
    map.erase("never");
    EXPECT_EQ(map.find("c"), nullptr);
    map.put("e", 5, dropped);
    EXPECT_EQ(gone.size(), 1u) << "there was room";
    map.put("f", 6, dropped);
    EXPECT_EQ(gone, (std::vector<std::string>{"b", "a"}));
}

}  // namespace
}  // namespace waypost
