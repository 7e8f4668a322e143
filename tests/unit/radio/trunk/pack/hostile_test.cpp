// SPDX-License-Identifier: Apache-2.0
// Codes that no packer made: each ends within its declared length and leaves the model as it was.
#include <gtest/gtest.h>

#include <random>

#include "radio/trunk/varint.h"
#include "tests/unit/radio/trunk/pack/built_models.h"

namespace waypost::pack {
namespace {

constexpr std::size_t kLimit = 400;

std::string hostile_code(std::mt19937& random, std::uint32_t length) {
    std::string code;
    trunk::put_varint(code, length);
    for (std::size_t left = random() % 60; left > 0; --left) code += static_cast<char>(random());
    return code;
}

TEST(HostileCode, EndsWithinItsDeclaredLength) {
    std::mt19937 random(3);
    for (const auto& model : built_models()) {
        int taken = 0;
        for (int round = 0; round < 40; ++round) {
            const auto length = static_cast<std::uint32_t>(random() % 300);
            const auto text = model->decode(hostile_code(random, length), kLimit);
            if (!text.ok()) continue;
            ++taken;
            ASSERT_LE(text->size(), 3 * length);
            ASSERT_LE(text->size(), kLimit);
        }
        EXPECT_GT(taken, 0);
        EXPECT_EQ(model->state_digest(), model->digest());
    }
}

TEST(HostileCode, IsNotDecodedWhereItSaysThatItIsTooLong) {
    const auto models = built_models();
    for (const std::uint32_t length : {801u, 1u << 27}) {
        std::string code;
        trunk::put_varint(code, length);
        EXPECT_EQ(models[0]->decode(code, kLimit).error().code, Code::TooLarge);
    }
    EXPECT_EQ(models[0]->decode("\xFF\xFF\xFF\xFF\xFF\x01", kLimit).error().code, Code::BadInput);
    EXPECT_EQ(models[0]->decode("", kLimit).error().code, Code::BadInput);
}

TEST(HostileCode, WithBytesBehindItsEndIsRefused) {
    const auto models = built_models();
    const std::string code = models[0]->encode("see you at noon");
    EXPECT_EQ(models[0]->decode(code + "abcde", kLimit).error().code, Code::BadInput);
}

TEST(HostileCode, CutAnywhereGivesAnotherTextOrAnError) {
    const auto models = built_models();
    const std::string text = "see you at noon by the old mill";
    const std::string code = models[0]->encode(text);
    for (std::size_t cut = 0; cut + 1 < code.size(); ++cut) {
        const auto got = models[0]->decode(code.substr(0, cut), kLimit);
        EXPECT_FALSE(got.ok() && *got == text) << cut;
    }
    EXPECT_EQ(models[0]->state_digest(), models[0]->digest());
}

TEST(HostileCode, OfNoKnownWayIsRefused) {
    Packer packer(built_models());
    EXPECT_EQ(packer.unpack("", kLimit).error().code, Code::BadInput);
    for (const char way : {'\x02', '\x0F', '\x19', '\xFF'})
        EXPECT_EQ(packer.unpack(std::string(1, way) + "abc", kLimit).error().code, Code::NotFound);
}

TEST(HostileCode, StoredTextsHaveALimitToo) {
    Packer packer({});
    const std::string stored = std::string(1, '\0') + std::string(401, 'a');
    EXPECT_EQ(packer.unpack(stored, kLimit).error().code, Code::TooLarge);
}

}  // namespace
}  // namespace waypost::pack
