// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <array>
#include <random>
#include <vector>

#include "radio/trunk/pack/journal.h"
#include "radio/trunk/pack/logistic.h"
#include "radio/trunk/pack/range_coder.h"
#include "radio/trunk/varint.h"

namespace waypost::pack {
namespace {

TEST(Logistic, SquashAndStretchAreEachOthersInverse) {
    EXPECT_EQ(squash(0), 32768);
    EXPECT_LE(std::abs(stretch(32768)), 1);
    for (Logit x = -1500; x <= 1500; ++x) EXPECT_LE(std::abs(stretch(squash(x)) - x), 24) << x;
    for (Logit x = -2046; x <= 2047; ++x) EXPECT_GE(squash(x), squash(x - 1)) << x;
}

TEST(Logistic, HoldsItsKnownAnswers) {
    EXPECT_EQ(squash(-5000), 22);
    EXPECT_EQ(squash(256), 47911);
    EXPECT_EQ(stretch(47911), 257);
    EXPECT_EQ(stretch(1), -2047);
    EXPECT_EQ(stretch(65535), 2047);
}

struct Coded {
    bool bit;
    Probability one;
};

std::string encoded(const std::vector<Coded>& bits) {
    RangeEncoder encoder;
    for (const auto& [bit, one] : bits) encoder.encode(bit, one);
    return std::move(encoder).finish();
}

TEST(RangeCoder, GivesBackBitsOfEveryProbability) {
    std::mt19937 random(7);
    for (int round = 0; round < 300; ++round) {
        std::vector<Coded> bits(random() % 400);
        for (auto& [bit, one] : bits) {
            one = static_cast<Probability>(random() % 3 == 0 ? 1 + random() % 4
                                                             : 1 + random() % 65535);
            bit = random() % 65536 < one || random() % 50 == 0;
        }
        const std::string code = encoded(bits);
        RangeDecoder decoder(code);
        for (const auto& [bit, one] : bits) ASSERT_EQ(decoder.decode(one), bit);
        EXPECT_FALSE(decoder.has_rest());
    }
}

TEST(RangeCoder, WritesNothingForNothing) { EXPECT_EQ(encoded({}), ""); }

TEST(RangeCoder, CostsWhatTheProbabilitiesSay) {
    // 1000 bits of probability 15/16 are 93 bits of information, the ends some more.
    EXPECT_LE(encoded(std::vector<Coded>(1000, {true, 61440})).size(), 13U);
    EXPECT_LE(encoded(std::vector<Coded>(800, {true, 32768})).size(), 100U);
}

TEST(RangeCoder, SeesBytesBehindTheEnd) {
    std::string code = encoded(std::vector<Coded>(64, {false, 20000}));
    code += "xxxxx";
    RangeDecoder decoder(code);
    for (int i = 0; i < 64; ++i) EXPECT_FALSE(decoder.decode(20000));
    EXPECT_TRUE(decoder.has_rest());
}

TEST(Varint, GivesBackNumbers) {
    for (const std::uint32_t number : {0u, 1u, 127u, 128u, 16383u, 16384u, (1u << 28) - 1}) {
        std::string bytes;
        trunk::put_varint(bytes, number);
        std::string_view rest = bytes;
        EXPECT_EQ(trunk::take_varint(rest, 28), number);
        EXPECT_TRUE(rest.empty());
    }
}

TEST(Varint, RefusesWhatEndsEarlyOrNever) {
    for (std::string_view bytes : {"", "\x80", "\xFF\xFF\xFF\xFF\x01"})
        EXPECT_EQ(trunk::take_varint(bytes, 28), std::nullopt);
}

TEST(Journal, PutsBackWhatWasChangedAndOnlyThat) {
    alignas(64) std::array<std::byte, 1024> memory{};
    memory[900] = std::byte{1};
    Journal journal(memory.data(), memory.size());
    for (int message = 0; message < 3; ++message) {
        journal.keep(&memory[60], 8);  // over the border of two lines
        journal.keep(&memory[62], 1);
        for (std::size_t i = 60; i < 68; ++i) memory[i] = std::byte{9};
        journal.undo();
        for (std::size_t i = 60; i < 68; ++i) EXPECT_EQ(memory[i], std::byte{0});
    }
    memory[900] = std::byte{2};
    journal.undo();
    EXPECT_EQ(memory[900], std::byte{2});
}

}  // namespace
}  // namespace waypost::pack
