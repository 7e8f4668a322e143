// SPDX-License-Identifier: Apache-2.0
#include "bridges/email/mailbox/folder_state.h"

#include <gtest/gtest.h>

namespace waypost::email {
namespace {

using std::chrono::hours;
constexpr std::int64_t kDay = 24 * 3600;
constexpr std::int64_t kNow = 1'800'000'000;

TEST(FolderStateTest, TheFirstLookGoesBackSoFarAndNoFurther) {
    FolderState state = opened({}, {7, 100}, kNow, hours(72));
    EXPECT_EQ(state.since, kNow - 3 * kDay);
    EXPECT_EQ(state.taken, 0u);
    settle(state, 98, false);
    looked_to_the_end(state, 100, kNow);
    EXPECT_EQ(state.taken, 99u) << "what is older is settled too";
    EXPECT_EQ(state.since, 0);
    EXPECT_EQ(encode(opened(state, {7, 120}, kNow + 5, hours(72))), encode(state));
}

TEST(FolderStateTest, ALookBackThatWasCutOffGoesOn) {
    FolderState state = opened({}, {7, 100}, kNow, hours(72));
    settle(state, 95, false);
    const auto stored = parse_folder_state(encode(state));
    ASSERT_TRUE(stored);
    const FolderState again = opened(*stored, {7, 101}, kNow + kDay, hours(72));
    EXPECT_EQ(again.since, kNow - 3 * kDay);
    EXPECT_EQ(again.taken, 95u);
}

TEST(FolderStateTest, ANewUidvalidityAsksForAllSinceTheLastLook) {
    FolderState state = opened({}, {7, 100}, kNow, hours(72));
    settle(state, 99, true);
    looked_to_the_end(state, 100, kNow);
    const FolderState changed = opened(state, {8, 3}, kNow + 10 * kDay, hours(72));
    EXPECT_EQ(changed.validity, 8u);
    EXPECT_EQ(changed.taken, 0u);
    EXPECT_EQ(changed.since, kNow - 2 * kDay) << "with a margin for clocks";
    EXPECT_TRUE(changed.left.empty()) << "those numbers mean nothing now";
    const FolderState long_away = opened(state, {8, 3}, kNow + 400 * kDay, hours(72));
    EXPECT_EQ(long_away.since, kNow + 340 * kDay) << "not further than repeats are known";
    FolderState twice = opened(changed, {9, 3}, kNow + 11 * kDay, hours(72));
    EXPECT_EQ(twice.since, changed.since);
}

TEST(FolderStateTest, TextAndBack) {
    FolderState state{7, 99, 5, 6, {3, 4}};
    const auto again = parse_folder_state(encode(state));
    ASSERT_TRUE(again);
    EXPECT_EQ(encode(*again), encode(state));
    for (const char* bad : {"", "1", "1 2 3", "1 2 3 4 x", "99999999999 1 1 1", "1,2,3,4"})
        EXPECT_FALSE(parse_folder_state(bad)) << bad;
    for (std::uint32_t uid = 1; uid < 2000; ++uid) settle(state, uid, true);
    EXPECT_LE(state.left.size(), 500u);
}

TEST(UidlStateTest, RemembersWhatIsListed) {
    UidlState state;
    EXPECT_FALSE(state.settled("a"));
    EXPECT_TRUE(state.settle("a"));
    EXPECT_TRUE(state.settle("b"));
    auto again = UidlState::parse(state.encode());
    ASSERT_TRUE(again);
    EXPECT_TRUE(again->settled("a"));
    EXPECT_TRUE(again->keep_only({"b", "c"}));
    EXPECT_FALSE(again->settled("a"));
    EXPECT_FALSE(again->settled("c")) << "listed is not settled";
    EXPECT_EQ(again->size(), 1u);
    EXPECT_FALSE(again->keep_only({"b"}));
    EXPECT_FALSE(UidlState::parse("123"));
    EXPECT_FALSE(UidlState::parse(std::string(8 * (UidlState::kMost + 1), 'x')));
}

TEST(UidlStateTest, HasABound) {
    UidlState state;
    for (std::size_t i = 0; i < UidlState::kMost; ++i) ASSERT_TRUE(state.settle(std::to_string(i)));
    EXPECT_FALSE(state.settle("one more"));
    EXPECT_TRUE(state.settle("5"));
}

}  // namespace
}  // namespace waypost::email
