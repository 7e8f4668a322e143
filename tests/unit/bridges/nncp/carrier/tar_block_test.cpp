// SPDX-License-Identifier: Apache-2.0
#include "bridges/nncp/packet/tar_block.h"

#include <gtest/gtest.h>

namespace waypost::nncp {
namespace {

TEST(TarBlockTest, ReadsWhatItWrites) {
    const std::string part(60, 'x');
    for (const TarEntry& entry : {TarEntry{"NNCP", 0, '5'}, TarEntry{"a/b", 077777777777, '0'},
                                  TarEntry{part + '/' + part + '/' + part, 5, '0'},
                                  TarEntry{"large", std::uint64_t{1} << 40, '0'}}) {
        const auto block = encode(entry);
        ASSERT_TRUE(block.ok());
        ASSERT_EQ(block->size(), kTarBlock);
        const auto read = decode_tar_entry(*block);
        ASSERT_TRUE(read.ok()) << read.error().text;
        EXPECT_EQ(read->path, entry.path);
        EXPECT_EQ(read->bytes, entry.bytes);
        EXPECT_EQ(read->type, entry.type);
    }
    EXPECT_FALSE(encode(TarEntry{std::string(120, 'x'), 0, '0'}).ok());
    EXPECT_FALSE(encode(TarEntry{std::string(160, 'x') + "/y", 0, '0'}).ok());
}

TEST(TarBlockTest, AnyChangedByteIsSeen) {
    const std::string block = *encode(TarEntry{"NNCP", 7, '0'});
    for (std::size_t i = 0; i < block.size(); ++i) {
        std::string changed = block;
        changed[i] = static_cast<char>(changed[i] + 1);
        const auto read = decode_tar_entry(changed);
        // The two bytes that end the sum may be anything.
        EXPECT_TRUE(!read.ok() || i == 154 || i == 155 || (i > 256 && i < 263)) << i;
    }
    EXPECT_FALSE(decode_tar_entry(std::string(kTarBlock, '\0')).ok());
    EXPECT_FALSE(decode_tar_entry(block.substr(1)).ok());
}

TEST(TarBlockTest, PaxRecordsReplace) {
    TarEntry entry{"short", 1, '0'};
    ASSERT_TRUE(apply_pax("14 path=long/x\n11 mtime=1\n16 size=12345678\n", entry).ok() == false);
    ASSERT_TRUE(apply_pax("15 path=long/x\n11 mtime=1\n17 size=12345678\n", entry).ok());
    EXPECT_EQ(entry.path, "long/x");
    EXPECT_EQ(entry.bytes, 12345678u);
    for (const char* bad : {"x", "5", "3 \n", "9999 path=x\n", "8 path=x", "7 pathx\n", "0 \n",
                            "11 size=12x\n", "-5 a=b\n"})
        EXPECT_FALSE(apply_pax(bad, entry).ok()) << bad;
}

TEST(TarBlockTest, APathThatDoesNotFitStandsBeforeItsHeader) {
    EXPECT_EQ(encode_any({"short", 1, '0', 0644, 5}).size(), kTarBlock);
    for (const std::size_t size : {91u, 92u, 93u, 101u, 990u, 991u, 5000u}) {
        const TarEntry entry{std::string(size, 'x'), 7, '0'};
        const std::string bytes = encode_any(entry);
        if (size <= 100) {
            EXPECT_EQ(decode_tar_entry(bytes)->path, entry.path);
            continue;
        }
        const auto pax = decode_tar_entry(bytes.substr(0, kTarBlock));
        ASSERT_TRUE(pax.ok());
        EXPECT_EQ(pax->type, 'x');
        auto next = decode_tar_entry(bytes.substr(bytes.size() - kTarBlock));
        ASSERT_TRUE(next.ok());
        ASSERT_TRUE(apply_pax(bytes.substr(kTarBlock, pax->bytes), *next).ok());
        EXPECT_EQ(next->path, entry.path);
        EXPECT_EQ(next->bytes, 7u);
    }
}

TEST(TarBlockTest, FillsTheLastBlock) {
    EXPECT_EQ(tar_filler(0), 0u);
    EXPECT_EQ(tar_filler(1), 511u);
    EXPECT_EQ(tar_filler(512), 0u);
}

}  // namespace
}  // namespace waypost::nncp
