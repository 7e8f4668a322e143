// SPDX-License-Identifier: Apache-2.0
#include "bridges/nncp/online/sp.h"

#include <gtest/gtest.h>

#include <cstring>

namespace waypost::nncp {
namespace {

std::span<const std::uint8_t> span_of(std::string_view bytes) {
    return {reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()};
}

Mth named(char letter) {
    Mth name;
    name.fill(static_cast<std::uint8_t>(letter));
    return name;
}

std::vector<SpMessage> read_all(std::string_view payload, bool* good = nullptr) {
    std::vector<SpMessage> all;
    SpReader reader(span_of(payload));
    for (;;) {
        const auto next = reader.next();
        if (good != nullptr) *good = next.ok();
        if (!next.ok() || !next->has_value()) return all;
        all.push_back(**next);
    }
}

TEST(Sp, EveryMessageComesBack) {
    SpWriter writer;
    ASSERT_TRUE(writer.add(SpInfo{96, 0x123456789abcdefULL, named('a')}));
    ASSERT_TRUE(writer.add(SpFreq{named('b'), 7}));
    ASSERT_TRUE(writer.add(SpDone{named('c')}));
    ASSERT_TRUE(writer.add(SpHalt{}));
    ASSERT_TRUE(writer.add(SpPing{}));
    const auto room = writer.file_room(5);
    ASSERT_EQ(room.size(), 5u);
    std::memcpy(room.data(), "bytes", 5);
    writer.file(named('d'), 1ULL << 40, 5);
    EXPECT_EQ(writer.size(), 48u + 44 + 36 + 4 + 4 + 48 + 8);
    bool good = false;
    const std::string payload(writer.payload());
    const auto all = read_all(payload, &good);
    ASSERT_TRUE(good);
    ASSERT_EQ(all.size(), 6u);
    EXPECT_EQ(std::get<SpInfo>(all[0]).nice, 96);
    EXPECT_EQ(std::get<SpInfo>(all[0]).size, 0x123456789abcdefULL);
    EXPECT_EQ(std::get<SpFreq>(all[1]).offset, 7u);
    EXPECT_EQ(std::get<SpDone>(all[2]).hash, named('c'));
    const auto& file = std::get<SpFile>(all[5]);
    EXPECT_EQ(file.offset, 1ULL << 40);
    EXPECT_EQ(std::string(file.data.begin(), file.data.end()), "bytes");
    for (std::size_t cut = 1; cut < payload.size(); ++cut) {  // at any byte: fewer, or an Error
        bool whole = false;
        EXPECT_LT(read_all(payload.substr(0, cut), &whole).size(), 6u) << cut;
    }
}

TEST(Sp, APayloadTakesNoMoreThanItMay) {
    SpWriter writer;
    EXPECT_EQ(writer.file_room(1 << 20).size(), kSpFileData);
    int infos = 0;
    while (writer.add(SpInfo{})) ++infos;
    EXPECT_EQ(infos, 1360);
    EXPECT_TRUE(writer.file_room(10).empty());
    writer.clear();
    writer.add(SpPing{});
    writer.fill();
    EXPECT_EQ(writer.size(), kSpPayload);
    writer.clear();
    writer.limit(1000);
    EXPECT_EQ(writer.file_room(1 << 20).size(), 952u);
}

TEST(Sp, WhatIsNoMessageEndsThePayload) {
    const std::string bad[] = {
        std::string("\0\0\0\6", 4),                                 // no such type
        std::string("\0\0\1\4", 4),                                 // a type over 255
        std::string("\0\0\0", 3),                                   // half a type
        std::string("\0\0\0\0\0\0\0\0", 8) + std::string(40, 'x'),  // nice 0
        std::string("\0\0\0\0\0\0\1\0", 8) + std::string(40, 'x'),  // nice 256
        std::string("\0\0\0\2", 4) + std::string(40, 'x') + "\xff\xff\xff\xff" + "abc",
        std::string("\0\0\0\2", 4) + std::string(40, 'x') + std::string("\0\0\0\1", 4) + "a",
    };
    for (const auto& payload : bad) {
        bool good = true;
        read_all(payload, &good);
        EXPECT_FALSE(good);
    }
}

void feed(SpUnits& units, std::string_view bytes) {
    while (!bytes.empty()) {
        const auto room = units.room();
        const std::size_t n = std::min(room.size(), bytes.size());
        std::memcpy(room.data(), bytes.data(), n);
        units.received(n);
        bytes.remove_prefix(n);
        if (!bytes.empty()) {
            ASSERT_TRUE(units.next().ok());
        }
    }
}

std::string text(std::span<const std::uint8_t> bytes) { return {bytes.begin(), bytes.end()}; }

TEST(Sp, UnitsComeOutOfAnyPieces) {
    const std::string wire = sp_unit("hello") + sp_unit("") + sp_unit(std::string(65535, 'x'));
    for (const std::size_t piece : {1ul, 7ul, 4096ul, wire.size()}) {
        SpUnits units;
        std::vector<std::size_t> sizes;
        for (std::size_t at = 0; at < wire.size(); at += piece) {
            feed(units, std::string_view(wire).substr(at, piece));
            for (;;) {
                const auto unit = units.next();
                ASSERT_TRUE(unit.ok());
                if (!unit->has_value()) break;
                sizes.push_back((*unit)->size());
            }
        }
        EXPECT_EQ(sizes, (std::vector<std::size_t>{5, 0, 65535})) << piece;
        EXPECT_TRUE(units.between());
    }
}

TEST(Sp, WhatIsNoUnitIsSeenAtItsFirstByte) {
    SpUnits units;
    feed(units, "G");
    EXPECT_FALSE(units.next().ok());
    SpUnits old;
    feed(old, std::string_view("NNCPS\0\0\2", 8));
    EXPECT_FALSE(old.next().ok());
    SpUnits large;
    feed(large, std::string_view("NNCPS\0\0\1\0\1\0\0", 12));
    EXPECT_FALSE(large.next().ok());
}

TEST(Sp, ANoisyLineIsPassedOver) {
    SpUnits units(true);
    std::string noise = "login: NNCPS" + std::string("NNCPS\0\0\1\xff\xff\xff\xff", 12);
    for (int i = 0; i < 300; ++i) noise += std::string(1000, static_cast<char>(i));
    feed(units, noise);
    ASSERT_TRUE(units.next().ok());
    feed(units, "NNC" + sp_unit("here"));
    const auto unit = units.next();
    ASSERT_TRUE(unit.ok() && unit->has_value());
    EXPECT_EQ(text(**unit), "here");
}

}  // namespace
}  // namespace waypost::nncp
