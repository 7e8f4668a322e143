// SPDX-License-Identifier: Apache-2.0
#include "gateway/message/handed.h"

#include <gtest/gtest.h>

namespace waypost {
namespace {

void expect_read_back(const Handed& handed, const std::string& words) {
    EXPECT_EQ(to_string(handed), words);
    const auto read = handed_of(kHandedCode, words);
    ASSERT_TRUE(read) << words;
    EXPECT_EQ(read->kind, handed.kind);
    EXPECT_EQ(read->to, handed.to);
    EXPECT_EQ(read->via, handed.via);
}

TEST(Handed, IsReadBackFromItsWords) {
    expect_read_back({Handed::Kind::Waits, "dale", {}},
                     "waits for the next call or courier to dale");
    expect_read_back({Handed::Kind::Waits, "city", "relay"},
                     "waits for the next call or courier to relay, and on to city");
    expect_read_back({Handed::Kind::Arrived, "dale", {}}, "in custody of dale");
}

TEST(Handed, IsNothingThatAnotherServerSays) {
    EXPECT_FALSE(handed_of("250", "in custody of dale"));
    EXPECT_FALSE(handed_of("", "waits for the next call or courier to dale"));
    EXPECT_FALSE(handed_of(kHandedCode, "ok"));
    EXPECT_FALSE(handed_of(kHandedCode, "waits for the next calls or couriers of area news"));
}

}  // namespace
}  // namespace waypost
