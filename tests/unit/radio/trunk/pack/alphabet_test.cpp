// SPDX-License-Identifier: Apache-2.0
#include "radio/trunk/pack/alphabet.h"

#include <gtest/gtest.h>

#include <random>

namespace waypost::pack {
namespace {

constexpr std::size_t kLimit = 1000;
constexpr Script kScripts[] = {Script::Latin, Script::Cyrillic, Script::Arabic, Script::Devanagari};

TEST(Alphabet, GivesOneByteToEachCharacterOfTheScript) {
    EXPECT_EQ(to_alphabet("año", Script::Latin), "a\xF1o");
    EXPECT_EQ(to_alphabet("їжа", Script::Cyrillic), "\xD7\xB6\xB0");
    EXPECT_EQ(to_alphabet("نعم", Script::Arabic), "\xC6\xB9\xC5");
    EXPECT_EQ(to_alphabet("हाँ", Script::Devanagari), "\xB9\xBE\x81");
}

TEST(Alphabet, MarksWhatIsNotOfTheScript) {
    EXPECT_EQ(to_alphabet("\u20AC", Script::Latin), "\x10\u20AC");
    EXPECT_EQ(to_alphabet("\xFF", Script::Latin), "\x11\xFF");
    EXPECT_EQ(to_alphabet("\x10\x11", Script::Latin), "\x11\x10\x11\x11");
    EXPECT_EQ(to_alphabet("\xC3", Script::Latin), "\x11\xC3");
}

TEST(Alphabet, GivesBackEveryPairOfBytes) {
    for (const Script script : kScripts) {
        for (int i = 0; i < 65536; ++i) {
            const std::string text = {static_cast<char>(i >> 8), static_cast<char>(i)};
            ASSERT_EQ(*from_alphabet(to_alphabet(text, script), script, kLimit), text) << i;
        }
    }
}

TEST(Alphabet, GivesBackFormsThatUtf8Forbids) {
    // An overlong n with a tilde, a surrogate, beyond the last code point, cut off.
    for (const char* text :
         {"\xE0\x83\xB1", "\xC1\xB1", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xE0\xA4"})
        for (const Script script : kScripts)
            EXPECT_EQ(*from_alphabet(to_alphabet(text, script), script, kLimit), text);
}

TEST(Alphabet, GivesBackRandomBytes) {
    std::mt19937 random(1);
    for (int round = 0; round < 2000; ++round) {
        std::string text(random() % 40, '\0');
        for (char& byte : text) byte = static_cast<char>(random());
        const Script script = kScripts[random() % 4];
        ASSERT_EQ(*from_alphabet(to_alphabet(text, script), script, kLimit), text);
    }
}

TEST(Alphabet, RefusesWhatNobodyMakes) {
    for (const char* symbols : {"\x10", "\x11", "\x10\xE2\x82", "\x10\xFF", "a\x10\x80"})
        EXPECT_EQ(from_alphabet(symbols, Script::Latin, kLimit).error().code, Code::BadInput);
}

TEST(Alphabet, StopsAtTheLimit) {
    EXPECT_TRUE(from_alphabet("\xF1\xF1", Script::Latin, 4).ok());
    EXPECT_EQ(from_alphabet("\xF1\xF1", Script::Latin, 3).error().code, Code::TooLarge);
}

}  // namespace
}  // namespace waypost::pack
