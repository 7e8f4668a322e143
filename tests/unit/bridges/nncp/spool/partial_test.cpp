// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/bridges/nncp/spool/spool_folder.h"

namespace waypost::nncp {
namespace {

class PartialTest : public SpoolFolder {
  protected:
    const std::string text_ = packet(10, std::string(300'000, 'x'));
    const Mth name_ = hash_of(text_);
    const fs::path rx_ = spool_.folder(node_, Way::Rx);
};

TEST_F(PartialTest, GoesOnWhereItStopped) {
    {
        auto first = spool_.partial(node_, name_);
        ASSERT_TRUE(first.ok());
        EXPECT_EQ(first->bytes(), 0u);
        ASSERT_TRUE(first->write(bytes_of(text_).first(100)).ok());
    }
    EXPECT_EQ(spool_.partial_bytes(node_, name_), 100u);
    auto second = spool_.partial(node_, name_);
    ASSERT_EQ(second->bytes(), 100u);
    ASSERT_TRUE(second->write(bytes_of(text_).subspan(100)).ok());
    ASSERT_TRUE(second->finish().ok());
    const auto all = spool_.list(node_, Way::Rx);
    ASSERT_EQ(all->size(), 1u);
    EXPECT_EQ(all->front().name, name_);
    EXPECT_EQ(all->front().nice, 10);
    EXPECT_EQ(text_of(spool_.path(all->front())), text_);
    EXPECT_EQ(files_in(rx_), 1u);
    EXPECT_EQ(files_in(rx_ / "hdr"), 1u);
}

TEST_F(PartialTest, AWrongOneGoesSoThatTheRightOneCanCome) {
    auto wrong = spool_.partial(node_, name_);
    ASSERT_TRUE(wrong->write(bytes_of(std::string(text_.size(), 'y'))).ok());
    const auto done = wrong->finish();
    ASSERT_FALSE(done.ok());
    EXPECT_EQ(done.error().code, Code::BadInput);
    EXPECT_EQ(files_in(rx_), 0u);
    auto right = spool_.partial(node_, name_);
    ASSERT_TRUE(right->write(bytes_of(text_)).ok());
    EXPECT_TRUE(right->finish().ok());
}

TEST_F(PartialTest, WhatCameUncheckedIsCheckedLater) {
    fs::create_directories(rx_);
    std::ofstream(rx_ / (to_base32(name_) + ".nock")) << text_;
    std::ofstream(rx_ / (to_base32(hash_of("other")) + ".nock")) << "poisoned";
    EXPECT_EQ(*spool_.check_unchecked(node_), 1u);
    EXPECT_EQ(files_in(rx_), 1u);
    EXPECT_EQ(spool_.list(node_, Way::Rx)->size(), 1u);
}

TEST_F(PartialTest, WhatWasSeenUncheckedGoes) {
    ASSERT_TRUE(spool_.mark_seen(node_, name_).ok());
    std::ofstream(rx_ / (to_base32(name_) + ".nock")) << text_;
    EXPECT_EQ(*spool_.check_unchecked(node_), 0u);
    EXPECT_EQ(files_in(rx_), 0u);
}

}  // namespace
}  // namespace waypost::nncp
