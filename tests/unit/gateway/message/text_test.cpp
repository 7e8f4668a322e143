// SPDX-License-Identifier: Apache-2.0
#include "gateway/message/text.h"

#include <gtest/gtest.h>

#include <numeric>

#include "gateway/base/random.h"

namespace waypost {
namespace {

// Scripts that hurt: combining marks, emoji with joiners and skin tones, flags, Indic clusters.
const std::vector<std::string>& pieces() {
    static const std::vector<std::string> kPieces = {
        "a",
        " ",
        "word",
        "\n",
        "\u00e9",
        "e\u0301",
        "\u0436",
        "\u0639\u0631\u0628\u064a",
        "\u0928\u092e\u0938\u094d\u0924\u0947",
        "\U0001F44D\U0001F3FD",
        "\U0001F468\u200D\U0001F469\u200D\U0001F467",
        "\U0001F1FA\U0001F1E6",
        "\u6c34",
        "\t",
        "a\u0300\u0301\u0302\u0303\u0304\u0305\u0306\u0307\u0308\u0309"};
    return kPieces;
}

TEST(Text, PagesJoinToTheTextAndNeverSplitACodePoint) {
    const auto random = seeded_random(42);
    for (int round = 0; round < 3000; ++round) {
        std::string text;
        for (auto n = random->below(60); n > 0; --n) {
            text += pieces()[random->below(pieces().size())];
        }
        const std::size_t limit = 4 + random->below(200);
        std::string joined;
        for (const std::string& page : split_pages(text, limit)) {
            EXPECT_LE(page.size(), limit);
            EXPECT_FALSE(page.empty());
            EXPECT_TRUE(is_utf8(page)) << round;
            joined += page;
        }
        EXPECT_EQ(joined, text);
    }
}

TEST(Text, AGraphemeStaysWhole) {
    const std::string family = "\U0001F468\u200D\U0001F469\u200D\U0001F467";
    EXPECT_EQ(cut_bytes("ab" + family, family.size()), "ab");
    EXPECT_EQ(cut_bytes("e\u0301x", 2), "");
    EXPECT_EQ(cut_bytes("abc", 10), "abc");
}

TEST(Text, PagesBreakAtSpaces) {
    EXPECT_EQ(split_pages("please come to the ford", 12),
              (std::vector<std::string>{"please come ", "to the ford"}));
    EXPECT_TRUE(split_pages("", 5).empty());
}

TEST(Text, WhateverComesInBecomesValid) {
    EXPECT_EQ(clean_utf8(std::string("a\0b\x01\xff\xc3(\x7f", 8)), "ab\uFFFD\uFFFD(");
    EXPECT_EQ(clean_utf8("a\u202Eb\u2066c"), "abc");
    EXPECT_EQ(clean_utf8("two\nlines\tok"), "two\nlines\tok");
    const auto random = seeded_random(7);
    for (int round = 0; round < 2000; ++round) {
        std::string bytes;
        for (auto n = random->below(40); n > 0; --n) bytes += static_cast<char>(random->below(256));
        EXPECT_TRUE(is_utf8(clean_utf8(bytes)));
    }
}

TEST(Text, SmallDisplays) {
    EXPECT_EQ(squeeze("  a \n\n b\u00a0c  "), "a b c");
    EXPECT_EQ(one_line("a long line of words", 10), "a long \u2026");
    EXPECT_EQ(one_line("short", 10), "short");
    EXPECT_EQ(short_size(84), "84");
    EXPECT_EQ(short_size(1437), "1.4k");
    EXPECT_EQ(short_size(84 * 1024), "84k");
    EXPECT_EQ(short_size(3250000), "3.1M");
}

TEST(Text, NamesAndTitlesShowOnlyWhatTheySay) {
    EXPECT_EQ(clean_name("B\u202Eob\u200B\a \uFEFFX\u00AD\u2066"), "Bob X");
    EXPECT_EQ(clean_name("plain\x1b[2J  name"), "plain[2J name");
    EXPECT_EQ(clean_name("\u0645\u06CC\u200C\u062E"), "\u0645\u06CC\u062E");
    EXPECT_EQ(clean_title("\u0645\u06CC\u200C\u062E"), "\u0645\u06CC\u200C\u062E")
        << "a word of Persian keeps its shape";
    EXPECT_EQ(clean_title("gnp.\u202Eexe\u200B\u2069 \x01ok"), "gnp.exe ok");
    EXPECT_EQ(clean_title("\u202E\u2066\u200B"), "");
}

}  // namespace
}  // namespace waypost
