// SPDX-License-Identifier: Apache-2.0
#include "bridges/email/mime/charset.h"

#include <gtest/gtest.h>

#include "bridges/email/mime/flowed.h"
#include "bridges/email/mime/read_mail.h"
#include "gateway/message/text.h"

namespace waypost::email {
namespace {

struct CharsetCase {
    const char* label;
    std::string bytes;
    std::string text;
};

// The bytes were written by other programs' encoders of these charsets.
TEST(Charset, ReadsWhatMailIsWrittenIn) {
    const std::vector<CharsetCase> cases = {
        {"koi8-r", "\xf0\xd2\xc9\xd7\xc5\xd4, \xcd\xc9\xd2", "Привет, мир"},
        {"KOI8-U", "\xf0\xd2\xc9\xd7\xa6\xd4", "Привіт"},
        {"windows-1251", "\xcf\xf0\xe8\xe2\xe5\xf2", "Привет"},
        {"iso-8859-5", "\xbf\xe0\xd8\xd2\xd5\xe2", "Привет"},
        {"iso-8859-2", "\xaf\xf3\xb3\xe6", "Żółć"},
        {"iso-8859-7", "\xca\xe1\xeb\xe7\xec\xdd\xf1\xe1", "Καλημέρα"},
        {"iso-8859-15", "\xa4 5", "€ 5"},
        {"windows-1255", "\xf9\xec\xe5\xed", "שלום"},
        {"iso-8859-8-i", "\xf9\xec\xe5\xed", "שלום"},
        {"windows-1256", "\xe3\xd1\xcd\xc8\xc7", "مرحبا"},
        {"iso-8859-6", "\xe5\xd1\xcd\xc8\xc7", "مرحبا"},
        {"tis-620", "\xca\xc7\xd1\xca\xb4\xd5", "สวัสดี"},
        {"windows-1258", "Vi\xea\xf2t", "Việt"},
        {"gb2312", "\xc4\xe3\xba\xc3", "你好"},
        {"gbk", "\xc4\xe3\xba\xc3\x9f\xd2", "你好熞"},
        {"gb18030", "\xc4\xe3\xba\xc3", "你好"},
        {"big5", "\xa7\x41\xa6\x6e", "你好"},
        {"shift_jis", "\x82\xb1\x82\xf1\x82\xc9\x82\xbf\x82\xcd \x87\x40", "こんにちは ①"},
        {"euc-jp", "\xa4\xb3\xa4\xf3\xa4\xcb\xa4\xc1\xa4\xcf", "こんにちは"},
        {"iso-2022-jp", "\x1b$B$3$s$K$A$O\x1b(B!", "こんにちは!"},
        {"euc-kr", "\xbe\xc8\xb3\xe7", "안녕"},
        {"ks_c_5601-1987", "\xbe\xc8\xb3\xe7", "안녕"},
        {"iso-2022-kr", "\x1b$)C\x0e\x3e\x48\x33\x67\x0f", "안녕"},
        {"utf-16", std::string("\xff\xfe\x41\x04\x42\x04", 6), "ст"},
        {"macintosh", "caf\x8e", "café"},
        {"utf-8", "नमस्ते", "नमस्ते"}};
    for (const CharsetCase& each : cases)
        EXPECT_EQ(to_utf8(each.bytes, each.label), each.text) << each.label;
}

TEST(Charset, AWrongLabelGivesWayToTheBytes) {
    EXPECT_EQ(to_utf8("\x93hi\x94 \x80 5", "iso-8859-1"), "“hi” € 5") << "it is windows-1252";
    EXPECT_EQ(to_utf8("caf\xe9", "us-ascii"), "café");
    EXPECT_EQ(to_utf8("caf\xe9", ""), "café");
    EXPECT_EQ(to_utf8("caf\xe9", "utf-8"), "café") << "there is no UTF-8 in it";
    EXPECT_EQ(to_utf8("caf\xe9", "x-no-such-thing"), "café");
    EXPECT_EQ(to_utf8("caf\xc3\xa9", "iso-8859-1"), "café") << "it is UTF-8";
    EXPECT_EQ(to_utf8("caf\xc3\xa9", "\"; rm -rf /"), "café");
    EXPECT_EQ(to_utf8("\x1b$B$3\x1b(B", ""), "こ");
    EXPECT_EQ(to_utf8("\xef\xbb\xbfhi", "iso-8859-1"), "hi") << "a mark of UTF-8";
    EXPECT_EQ(to_utf8("\xc3\xa9 \xff", ""), "\xc3\xa9 \xff") << "rather UTF-8, with one fault";
    EXPECT_EQ(to_utf8("\xc3\xa9\xc3\xa9\xe2\x82", "utf-8"), "éé\xe2\x82") << "cut at its end";
}

TEST(Charset, WhatDoesNotFitIsReplacedAndNothingIsLost) {
    EXPECT_EQ(to_utf8("\xc4\xe3\xff\xba\xc3", "gb2312"), "你\uFFFD好");
    EXPECT_EQ(to_utf8("\x82\xb1\x82", "shift_jis"), "こ") << "cut at its end";
    const std::string many(200'000, '\xff');
    EXPECT_EQ(to_utf8(many, "euc-jp").size(), 3 * many.size());
}

TEST(Charset, Utf7IsShownAsItCame) {
    EXPECT_EQ(to_utf8("a +AGIAYw- <+ADw-script+AD4->", "utf-7"), "a +AGIAYw- <+ADw-script+AD4->");
}

TEST(Charset, APageMayNameItsOwn) {
    EXPECT_EQ(charset_of_html("<head><meta charset=\"KOI8-R\">"), "koi8-r");
    EXPECT_EQ(charset_of_html("<meta http-equiv=Content-Type content='text/html; charset=gb2312'>"),
              "gb2312");
    EXPECT_EQ(charset_of_html("<p>charset"), "");
    const auto mail = read_mail(
        "Content-Type: text/html\n\n<html><head><meta charset=koi8-r></head>\xf0\xd2\xc9</html>");
    ASSERT_TRUE(mail.ok());
    EXPECT_EQ(mail->text, "При");
}

TEST(Charset, AHeaderInBytesIsRead) {
    const auto latin = read_mail("Subject: caf\xe9\n\nx\n");
    ASSERT_TRUE(latin.ok());
    EXPECT_EQ(latin->subject, "café");
    const auto utf8 = read_mail("Subject: При\n\nx\n");
    ASSERT_TRUE(utf8.ok());
    EXPECT_EQ(utf8->subject, "При");
}

TEST(Flowed, ParagraphsQuotesAndStuffing) {
    EXPECT_EQ(unflow("This is one \nline.\nAnd two.\n", false), "This is one line.\nAnd two.\n");
    EXPECT_EQ(unflow("one \r\ntwo\r\n", false), "one two\n");
    EXPECT_EQ(unflow(" >not a quote\n From here\n", false), ">not a quote\nFrom here\n");
    EXPECT_EQ(unflow("> a \n> b\n>> c \n>> d\nmine \n", false), "> a b\n>> c d\nmine ");
    EXPECT_EQ(unflow("> a \nmine\n", false), "> a \nmine\n") << "another depth ends a paragraph";
    EXPECT_EQ(unflow("text \n-- \nBob\n", false), "text \n-- \nBob\n");
    EXPECT_EQ(unflow("-- \nBob\n", false), "-- \nBob\n");
    EXPECT_EQ(unflow("\u65e5 \n\u672c\n", true), "\u65e5\u672c\n") << "DelSp";
    EXPECT_EQ(unflow("a\n\nb", false), "a\n\nb\n");
}

}  // namespace
}  // namespace waypost::email
