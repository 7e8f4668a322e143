// SPDX-License-Identifier: Apache-2.0
// What waits to be sent, when the modem is exchanged for one of smaller frames.
#include "radio/trunk/outbox.h"

#include <gmock/gmock.h>

namespace waypost::trunk {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

const std::string kSecret(32, 'k');
constexpr std::size_t kLarge = 255, kSmall = 108;

class OutboxTest : public ::testing::Test {
  protected:
    OutboxTest() {
        box_.restore({});
        box_.resume(0, kLarge);
        for (ObjectId id = 1; id <= 3; ++id) offer(box_, id);
    }
    static std::string text(ObjectId id) { return std::string(60, static_cast<char>('a' + id)); }
    static void offer(Outbox& box, ObjectId id) {
        ASSERT_TRUE(box.offer({id, text(id), Priority::Chat}, BoxTime{}).ok());
    }
    std::vector<std::string> in(const Piece& piece) const {
        if (piece.type == FrameType::Single) return {piece.bytes};
        const auto objects = parse_bundle(piece.bytes);
        return objects.ok() ? *objects : std::vector<std::string>{};
    }
    void keep(StateMap& disk, const std::vector<StateRow>& rows) const {
        for (const StateRow& row : rows) disk[row.key] = row.value;
    }

    Outbox box_{kSecret, false};
    StateMap disk_;
};

TEST_F(OutboxTest, ABundleIsCutAnewOnceItIsKnownNotToBeThere) {
    std::vector<StateRow> rows;
    const auto all = box_.next(rows);
    ASSERT_TRUE(all);
    ASSERT_THAT(in(*all), ElementsAre(text(1), text(2), text(3)));
    box_.resume(0, kSmall);
    EXPECT_FALSE(box_.next(rows)) << "it may be there: that is asked first";
    EXPECT_FALSE(box_.lone_unanswered()) << "no frame carries it any more";
    std::vector<ObjectId> delivered;
    box_.hold(0, delivered);
    EXPECT_THAT(delivered, IsEmpty());
    std::vector<std::string> came;
    for (int i = 0; i < 3; ++i) {
        const auto piece = box_.next(rows);
        ASSERT_TRUE(piece);
        EXPECT_LE(piece->bytes.size() + kSingleOverhead, kSmall);
        EXPECT_EQ(piece->number - all->number, static_cast<std::uint64_t>(i));
        for (const std::string& each : in(*piece)) came.push_back(each);
    }
    EXPECT_THAT(came, ElementsAre(text(1), text(2), text(3)));
    EXPECT_FALSE(box_.next(rows));
    box_.hold(box_.next_number(), delivered);
    EXPECT_THAT(delivered, ElementsAre(1, 2, 3));
    EXPECT_TRUE(box_.empty());
}

TEST_F(OutboxTest, OneThatIsThereIsNotSentAgain) {
    std::vector<StateRow> rows;
    ASSERT_TRUE(box_.next(rows));
    box_.resume(0, kSmall);
    std::vector<ObjectId> delivered;
    box_.hold(1, delivered);
    EXPECT_THAT(delivered, ElementsAre(1, 2, 3));
    EXPECT_FALSE(box_.next(rows));
}

TEST_F(OutboxTest, TheNewCutIsTheOneOnRecord) {
    std::vector<StateRow> rows;
    ASSERT_TRUE(box_.next(rows));
    keep(disk_, rows);
    box_.resume(0, kSmall);
    std::vector<ObjectId> delivered;
    box_.hold(0, delivered);
    rows.clear();
    const auto first = box_.next(rows);
    keep(disk_, rows);
    Outbox again(kSecret, false);
    again.restore(disk_);
    for (ObjectId id = 1; id <= 3; ++id) offer(again, id);
    again.resume(0, kSmall);
    again.hold(0, delivered);
    const auto piece = again.next(rows);
    ASSERT_TRUE(piece);
    EXPECT_EQ(piece->bytes, first->bytes) << "the same under the same number";
}

TEST_F(OutboxTest, WhatHasNoNumberCanBeTakenBack) {
    std::vector<StateRow> rows;
    EXPECT_TRUE(box_.withdraw(2));
    const auto piece = box_.next(rows);
    ASSERT_TRUE(piece);
    EXPECT_THAT(in(*piece), ElementsAre(text(1), text(3)));
    EXPECT_FALSE(box_.withdraw(1)) << "it may be there";
    EXPECT_FALSE(box_.withdraw(2));
}

}  // namespace
}  // namespace waypost::trunk
