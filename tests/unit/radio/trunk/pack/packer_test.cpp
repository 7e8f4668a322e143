// SPDX-License-Identifier: Apache-2.0
#include "radio/trunk/pack/packer.h"

#include <gtest/gtest.h>

#include <random>

#include "tests/unit/radio/trunk/pack/built_models.h"

namespace waypost::pack {
namespace {

constexpr std::size_t kLimit = 1u << 20;

Packer& packer() {
    static Packer all(built_models());
    return all;
}

std::string hex(std::string_view bytes) {
    constexpr char kDigits[] = "0123456789abcdef";
    std::string text;
    for (const char byte : bytes) {
        text += kDigits[static_cast<unsigned char>(byte) >> 4];
        text += kDigits[static_cast<unsigned char>(byte) & 15];
    }
    return text;
}

std::string random_bytes(std::size_t size) {
    std::mt19937 random(static_cast<unsigned>(size));
    std::string bytes(size, '\0');
    for (char& byte : bytes) byte = static_cast<char>(random());
    return bytes;
}

class EachLanguage : public testing::TestWithParam<ModelKind> {};

TEST_P(EachLanguage, ComesBackAndIsSmall) {
    const auto own = static_cast<ModelSet>(1u << (static_cast<unsigned>(GetParam().id) - 16));
    std::size_t plain = 0;
    std::size_t packed = 0;
    for (const char* kind : {"inside", "outside"}) {
        const auto texts = texts_to_pack(WAYPOST_TEST_DATA, GetParam().name, kind);
        for (std::size_t i = 0; i < texts.size(); i += 7) {
            const std::string code = packer().pack(texts[i], own);
            ASSERT_EQ(*packer().unpack(code, kLimit), texts[i]);
            plain += texts[i].size();
            packed += code.size();
        }
    }
    EXPECT_LT(packed * 5, plain * 2);
}

INSTANTIATE_TEST_SUITE_P(Packer, EachLanguage,
                         testing::ValuesIn(kModelKinds.begin(), kModelKinds.end() - 1),
                         [](const auto& about) { return std::string(about.param.name); });

// Another processor, compiler or training text that comes to other bits fails here.
struct Known {
    const char* text;
    const char* packed;
};
constexpr Known kKnown[] = {
    {"The bridge is closed until Monday, please come by the ford.",
     "103b4f58d65cb7f3d0ce8b94d1a13ffea5e56d442b2a"},
    {"El puente está cerrado hasta el lunes.", "11268e5679568e1d98005f6b115d"},
    {"Le pont est fermé jusqu'à lundi.", "1220854c528e9ce258e7dc5b2aed"},
    {"A ponte está fechada até segunda-feira.", "1327c206a8ea90a61a4f46b6abe37d"},
    {"الجسر مغلق حتى يوم الاثنين.", "141b940223e4b7e04101c8c38a2d"},
    {"पुल सोमवार तक बंद है।", "15153a34ce0d50d6579076acb5"},
    {"Daraja limefungwa hadi Jumatatu.", "1620a5c8439bb32a975d"},
    {"Міст закритий до понеділка.", "171b8f545ef21c305fea98647de5"},
};

TEST(Packer, HoldsItsKnownAnswers) {
    for (const auto& [text, packed] : kKnown) {
        EXPECT_EQ(hex(packer().pack(text, kLanguages)), packed) << text;
    }
}

TEST(Packer, HasTheKnownModels) {
    EXPECT_EQ(packer().fingerprint(kLanguages), 0x5385e778b936fd6fULL);
}

TEST(Packer, TakesAnyBytesForOneMore) {
    for (const std::size_t size : {0UL, 1UL, 2UL, 3UL, 20UL, 255UL, 1000UL, 65536UL}) {
        const std::string bytes = random_bytes(size);
        const std::string code = packer().pack(bytes, kLanguages);
        EXPECT_LE(code.size(), size + 1);
        EXPECT_EQ(*packer().unpack(code, kLimit), bytes);
    }
}

TEST(Packer, TakesLongTexts) {
    std::string text;
    while (text.size() < 65536)
        for (const auto& line : texts_to_pack(WAYPOST_TEST_DATA, "fr", "outside"))
            text += line + '\n';
    const std::string code = packer().pack(text, kLanguages);
    EXPECT_LT(code.size(), text.size() / 10);  // the same Declaration again and again
    EXPECT_EQ(*packer().unpack(code, kLimit), text);
}

TEST(Packer, TextsBeyondTheModelsAreDeflated) {
    const std::string text(300'000, 'a');
    const std::string code = packer().pack(text, kLanguages);
    EXPECT_EQ(code[0], 1);
    EXPECT_EQ(*packer().unpack(code, kLimit), text);
}

TEST(Packer, ForgetsEachTextAgain) {
    const auto models = built_models();
    for (const auto& model : models) {
        ASSERT_EQ(model->state_digest(), model->digest());
        for (const std::string& text :
             {std::string("come home, the rain is over"), random_bytes(300)}) {
            const std::string code = model->encode(text);
            ASSERT_EQ(model->state_digest(), model->digest());
            ASSERT_EQ(*model->decode(code, kLimit), text);
            ASSERT_EQ(model->state_digest(), model->digest());
            EXPECT_EQ(model->encode(text), code);
        }
    }
}

TEST(Packer, IsTheSameAfterARest) {
    Packer rested(built_models());
    const std::string code = rested.pack("the boat comes at six", kLanguages);
    rested.rest();
    EXPECT_EQ(*rested.unpack(code, kLimit), "the boat comes at six");
    EXPECT_EQ(rested.pack("the boat comes at six", kLanguages), code);
}

TEST(Packer, ALostTextHarmsNoLaterOne) {
    Packer there(built_models());
    const std::string lost = packer().pack("this one is never heard of again", kLanguages);
    const std::string heard = packer().pack("this one is", kLanguages);
    EXPECT_EQ(*there.unpack(heard, kLimit), "this one is");
}

TEST(Packer, DoesWithoutModelsThatTheOtherEndHasNot) {
    Packer bare({});
    const std::string text = "Wait for me at the mill, at the mill, at the mill, at the mill.";
    const std::string code = packer().pack(text, packer().models() & bare.models());
    EXPECT_EQ(code[0], 1);
    EXPECT_EQ(*bare.unpack(code, kLimit), text);
    EXPECT_EQ(bare.unpack(packer().pack(text, kLanguages), kLimit).error().code, Code::NotFound);
}

TEST(Packer, UsesOnlyWhatBothEndsHave) {
    const ModelSet spanish = 1 << 1;
    EXPECT_EQ(packer().pack("the river is high today", spanish)[0], 17);
    EXPECT_EQ(packer().pack("the river is high today", kLanguages)[0], 16);
}

TEST(Packer, KnowsOtherModelsByTheirFingerprint) {
    auto fewer = built_models();
    fewer.erase(fewer.begin());
    const Packer there(std::move(fewer));
    EXPECT_NE(there.fingerprint(kLanguages), packer().fingerprint(kLanguages));
    const ModelSet both = there.models() & packer().models();
    EXPECT_EQ(there.fingerprint(both), packer().fingerprint(both));
}

}  // namespace
}  // namespace waypost::pack
