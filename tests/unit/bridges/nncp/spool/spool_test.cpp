// SPDX-License-Identifier: Apache-2.0
#include "bridges/nncp/spool/spool.h"

#include "tests/unit/bridges/nncp/spool/spool_folder.h"

namespace waypost::nncp {
namespace {

class SpoolTest : public SpoolFolder {};

TEST_F(SpoolTest, APacketLiesUnderItsHash) {
    const std::string text = packet(96);
    const Mth name = put(text);
    EXPECT_EQ(name, hash_of(text));
    const fs::path tx = spool_.folder(node_, Way::Tx);
    EXPECT_EQ(text_of(tx / to_base32(name)), text);
    EXPECT_EQ(text_of(tx / "hdr" / to_base32(name)), text.substr(0, kPacketHeaderBytes));
    EXPECT_EQ(files_in(spool_.directory() / "tmp"), 0u);
    EXPECT_EQ(*spool_.nodes(), std::vector<NodeId>{node_});
}

TEST_F(SpoolTest, WhatIsDroppedLeavesNothing) {
    {
        const auto dropped = std::move(spool_.begin()).value();
        ASSERT_TRUE(dropped->write(bytes_of(std::string(100'000, 'x'))).ok());
        EXPECT_EQ(files_in(spool_.directory() / "tmp"), 1u);
    }
    EXPECT_EQ(files_in(spool_.directory() / "tmp"), 0u);
}

TEST_F(SpoolTest, LargeAndSmallPiecesComeOutAsTheyWere) {
    std::string whole = packet(96, "");
    auto made = std::move(spool_.begin()).value();
    ASSERT_TRUE(made->write(bytes_of(whole)).ok());
    for (const std::size_t size : {1u, 5'000u, 5'000u, 20'000u, 300'000u, 3u}) {
        const std::string piece(size, static_cast<char>('a' + size % 26));
        ASSERT_TRUE(made->write(bytes_of(piece)).ok());
        whole += piece;
    }
    EXPECT_EQ(made->bytes(), whole.size());
    EXPECT_EQ(*made->complete(), hash_of(whole));
    EXPECT_EQ(made->write(bytes_of("more")).error().code, Code::Conflict);
    std::vector<Spool::Finished> one;
    one.push_back({std::move(made), node_, Way::Tx});
    ASSERT_TRUE(spool_.publish(std::move(one)).ok());
    EXPECT_EQ(text_of(spool_.path({node_, Way::Tx, hash_of(whole)})), whole);
}

TEST_F(SpoolTest, ManyAtOnceGoToManyNodes) {
    std::vector<Spool::Finished> many;
    NodeId other = node_;
    other[0] = 8;
    for (int i = 0; i < 50; ++i) {
        many.push_back(finished(packet(96, std::to_string(i))));
        if (i % 2 == 0) many.back().node = other;
    }
    const auto names = spool_.publish(std::move(many));
    ASSERT_TRUE(names.ok());
    EXPECT_EQ(names->at(7), hash_of(packet(96, "7")));
    EXPECT_EQ(spool_.list(node_, Way::Tx)->size(), 25u);
    EXPECT_EQ(spool_.list(other, Way::Tx)->size(), 25u);
    EXPECT_EQ(files_in(spool_.directory() / "tmp"), 0u);
}

TEST_F(SpoolTest, TheNicestComesFirst) {
    for (const int nice : {200, 10, 255, 96}) put(packet(static_cast<Nice>(nice)));
    const auto all = spool_.list(node_, Way::Tx);
    ASSERT_EQ(all->size(), 4u);
    EXPECT_EQ(all->front().nice, 10);
    EXPECT_EQ(all->back().nice, 255);
    EXPECT_EQ(all->front().bytes, kPacketHeaderBytes + 4);
    EXPECT_EQ(spool_.list(node_, Way::Tx, 96)->size(), 2u);
    EXPECT_TRUE(spool_.list(node_, Way::Rx)->empty());
}

TEST_F(SpoolTest, OnlyPacketsCount) {
    const Mth name = put(packet(96));
    const fs::path tx = spool_.folder(node_, Way::Tx);
    std::ofstream(tx / "short") << "x";
    std::ofstream(tx / (to_base32(name) + ".part")) << "x";
    std::ofstream(tx / std::string(kNameLetters, 'a')) << "x";
    fs::create_directory(tx / std::string(kNameLetters, 'A'));
    fs::create_symlink("short", tx / (std::string(kNameLetters - 1, 'B') + "A"));
    EXPECT_EQ(spool_.list(node_, Way::Tx)->size(), 1u);
    fs::create_symlink(tx, spool_.directory() / std::string(kNameLetters, 'A'));
    EXPECT_EQ(spool_.nodes()->size(), 1u);
}

TEST_F(SpoolTest, AHeaderFileIsNotNeededAndATornOneGoes) {
    const Mth name = put(packet(10));
    const fs::path header = spool_.folder(node_, Way::Tx) / "hdr" / to_base32(name);
    fs::resize_file(header, 20);
    EXPECT_EQ(spool_.list(node_, Way::Tx)->front().nice, 10);
    EXPECT_FALSE(fs::exists(header));
    EXPECT_EQ(spool_.find(node_, Way::Tx, name)->nice, 10);
    SpoolOptions bare;
    bare.headers = false;
    const auto spool = Spool::open(folder_ / "bare", bare);
    std::vector<Spool::Finished> one;
    one.push_back({std::move(spool->begin()).value(), node_, Way::Tx});
    ASSERT_TRUE(one.front().packet->write(bytes_of(packet(9))).ok());
    ASSERT_TRUE(spool->publish(std::move(one)).ok());
    EXPECT_FALSE(fs::exists(spool->folder(node_, Way::Tx) / "hdr"));
}

TEST_F(SpoolTest, APacketWithoutAHeaderIsListedLast) {
    put("short");
    put(packet(96));
    const auto all = spool_.list(node_, Way::Tx);
    ASSERT_EQ(all->size(), 2u);
    EXPECT_EQ(all->back().bytes, 5u);
    EXPECT_EQ(all->back().nice, 255);
}

TEST_F(SpoolTest, OneProgramAtATime) {
    {
        const auto held = spool_.lock(node_, SpoolLock::Kind::Toss);
        ASSERT_TRUE(held.ok());
        const auto second = spool_.lock(node_, SpoolLock::Kind::Toss);
        ASSERT_FALSE(second.ok());
        EXPECT_EQ(second.error().code, Code::Busy);
        EXPECT_TRUE(spool_.lock(node_, SpoolLock::Kind::Rx).ok());
    }
    EXPECT_TRUE(spool_.lock(node_, SpoolLock::Kind::Toss).ok());
}

TEST_F(SpoolTest, RemovingTakesTheHeaderToo) {
    const Mth name = put(packet(96));
    const SpoolPacket there = *spool_.find(node_, Way::Tx, name);
    ASSERT_TRUE(spool_.remove(there).ok());
    EXPECT_EQ(files_in(spool_.folder(node_, Way::Tx) / "hdr"), 0u);
    EXPECT_TRUE(spool_.remove(there).ok()) << "somebody else did it";
    EXPECT_EQ(spool_.find(node_, Way::Tx, name).error().code, Code::NotFound);
}

TEST_F(SpoolTest, WhatWasSeenDoesNotComeAgain) {
    const Mth name = put(packet(96), Way::Rx);
    ASSERT_TRUE(spool_.retire({*spool_.find(node_, Way::Rx, name)}).ok());
    EXPECT_TRUE(spool_.seen(node_, name));
    EXPECT_TRUE(spool_.list(node_, Way::Rx)->empty());
    EXPECT_EQ(put(packet(96), Way::Rx), name);
    EXPECT_TRUE(spool_.list(node_, Way::Rx)->empty());
    EXPECT_EQ(files_in(spool_.directory() / "tmp"), 0u);
    put(packet(96), Way::Tx);
    EXPECT_EQ(spool_.list(node_, Way::Tx)->size(), 1u) << "on its way out is another matter";
}

TEST_F(SpoolTest, QuarantineKeepsTheReason) {
    const Mth name = put(packet(96), Way::Rx);
    const SpoolPacket there = *spool_.find(node_, Way::Rx, name);
    EXPECT_EQ(*spool_.note_failure(there, "first"), 1);
    EXPECT_EQ(*spool_.note_failure(there, "second"), 2);
    EXPECT_EQ(spool_.list(node_, Way::Rx)->size(), 1u);
    ASSERT_TRUE(spool_.quarantine(there, "it is \"bad\"\n").ok());
    EXPECT_TRUE(spool_.list(node_, Way::Rx)->empty());
    const fs::path aside = spool_.directory() / "quarantine" / to_base32(node_);
    EXPECT_EQ(text_of(aside / to_base32(name)), packet(96));
    const std::string why = text_of(aside / (to_base32(name) + ".why"));
    EXPECT_NE(why.find("\"it is \\\"bad\\\"\\n\""), std::string::npos) << why;
    EXPECT_NE(why.find("\"failures\":2"), std::string::npos) << why;
    EXPECT_EQ(files_in(spool_.folder(node_, Way::Rx)), 0u);
    EXPECT_EQ(spool_.nodes()->size(), 1u);
}

TEST_F(SpoolTest, RetiringForgetsTheFailures) {
    const Mth name = put(packet(96), Way::Rx);
    const SpoolPacket there = *spool_.find(node_, Way::Rx, name);
    ASSERT_TRUE(spool_.note_failure(there, "once").ok());
    ASSERT_TRUE(spool_.retire({there}).ok());
    EXPECT_EQ(files_in(spool_.folder(node_, Way::Rx)), 0u);
}

TEST_F(SpoolTest, AreasAreMarkedByNode) {
    const AreaId area = hash_of("area");
    const Mth message = hash_of("message");
    EXPECT_FALSE(spool_.area_seen(node_, area, message));
    ASSERT_TRUE(spool_.mark_area_seen(node_, area, message).ok());
    ASSERT_TRUE(spool_.mark_area_seen(node_, area, message).ok());
    EXPECT_TRUE(spool_.area_seen(node_, area, message));
    EXPECT_FALSE(spool_.area_seen(node_, message, area));
    EXPECT_TRUE(fs::exists(spool_.directory() / to_base32(node_) / "area" / to_base32(area) /
                           to_base32(message)));
}

TEST_F(SpoolTest, SpaceIsKeptFree) {
    SpoolOptions all;
    all.keep_free = ~std::uint64_t{0};
    EXPECT_EQ(*Spool::open(folder_ / "full", all)->free_bytes(), 0u);
    EXPECT_GT(*spool_.free_bytes(), 0u);
}

TEST_F(SpoolTest, OldWorkIsSweptAway) {
    std::ofstream(spool_.directory() / "tmp" / "nncp123") << "left by somebody";
    std::ofstream(spool_.directory() / "tmp" / "other") << "not ours";
    EXPECT_EQ(*spool_.sweep(std::chrono::hours(1)), 0u);
    EXPECT_EQ(*spool_.sweep(std::chrono::seconds(0)), 1u);
    EXPECT_EQ(files_in(spool_.directory() / "tmp"), 1u);
}

TEST_F(SpoolTest, AFolderThatCannotBeIsAnError) {
    std::ofstream(folder_ / "file") << "x";
    const auto spool = Spool::open(folder_ / "file");
    EXPECT_FALSE(spool.ok());
}

}  // namespace
}  // namespace waypost::nncp
