// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <chrono>

#include "bridges/html/html_text.h"
#include "gateway/message/text.h"
#include "tests/unit/bridges/html/hostile_pages.h"

namespace waypost {
namespace {

std::string text_of(std::string_view html) {
    return html_mail_to_text(html, 100'000, [](std::string_view line) {
        return line.find(" wrote:") != std::string_view::npos;
    });
}

TEST(MailHtml, BlocksBecomeLines) {
    EXPECT_EQ(text_of("<ul><li>one<li>two</ul>"), "- one\n- two");
    EXPECT_EQ(text_of("<p>a\n  b<p>c"), "a b\n\nc");
    EXPECT_EQ(text_of("a<br>b<br/>c"), "a\nb\nc");
    EXPECT_EQ(text_of("<table><tr><td>a</td><td>b</td></tr><tr><td>c</table>"), "a b\nc");
    EXPECT_EQ(text_of("<pre>int  x;\n  y</pre>"), "int  x;\n  y");
    EXPECT_EQ(text_of("<p>&nbsp;</p><p>a&nbsp;b</p>"), "a b");
}

TEST(MailHtml, CharactersByNameAndNumber) {
    EXPECT_EQ(text_of("1 &lt; 2 &#8217; &#x41; &bogus; &"), "1 < 2 \u2019 A &bogus; &");
    EXPECT_EQ(text_of("caf&eacute; &hellip; &Scaron;"), "caf\u00e9 \u2026 \u0160");
    EXPECT_EQ(text_of("1 < 2 and 3 > 2, <3"), "1 < 2 and 3 > 2, <3");
    EXPECT_EQ(text_of("<meta charset=koi8-r>\u041f\u0440"), "\u041f\u0440")
        << "it is UTF-8 already";
}

TEST(MailHtml, FewLinksAreShownAndManyAreNot) {
    EXPECT_EQ(text_of("see <a href=\"https://a.example/x\">this</a>"),
              "see this <https://a.example/x>");
    EXPECT_EQ(text_of("<a href='https://a.example'>https://a.example</a>"), "https://a.example");
    EXPECT_EQ(text_of("<a href='javascript:x()'>x</a>"), "x");
    std::string many;
    std::string names;
    for (int i = 0; i < 10; ++i) {
        many += "<a href='https://a.example/" + std::to_string(i) + "'>n</a> ";
        names += i == 0 ? "n" : " n";
    }
    EXPECT_EQ(text_of(many), names);
}

TEST(MailHtml, MenusOfNewslettersGo) {
    std::string menu;
    for (const char* name : {"Home", "News", "About Us", "Contact", "Shop", "Help"})
        menu += std::string("<div><a href='http://a.example'>") + name + "</a></div>";
    EXPECT_EQ(text_of("<p>Hi</p>" + menu + "<p>Bye</p>"), "Hi\n\nBye");
    std::string heads;
    for (int i = 0; i < 6; ++i)
        heads += "<div><a href='http://a.example'>A headline with many more words</a></div>";
    EXPECT_NE(text_of(heads).find("headline"), std::string::npos) << "what it is about";
}

TEST(MailHtml, WhatIsNotShownIsNotRead) {
    EXPECT_EQ(text_of("<img src='http://tracker.example/x.gif' alt=logo>ok"), "ok");
    EXPECT_EQ(text_of("<script>x</script><style>y</style><!-- z -->ok"), "ok");
    EXPECT_EQ(text_of("<div style='display: none'>hid<b>den</b></div>ok"), "ok");
    EXPECT_EQ(text_of("<head><title>t</title></head><body>ok</body>"), "ok");
    EXPECT_EQ(text_of("<noscript>ok</noscript>"), "ok") << "a mail runs no scripts";
    EXPECT_EQ(text_of("<![if !mso]>ok<![endif]>"), "ok");
}

TEST(MailHtml, OnlyWhatQuotesIsAQuote) {
    EXPECT_EQ(text_of("a<blockquote type=cite>b<br>c</blockquote>d"), "a\n\n> b\n> c\nd");
    EXPECT_EQ(text_of("a<blockquote class='gmail_quote'>b</blockquote>"), "a\n\n> b");
    EXPECT_EQ(text_of("On 3 May 2026, Ana wrote:<blockquote>b</blockquote>c"),
              "On 3 May 2026, Ana wrote:\n\n> b\nc");
    EXPECT_EQ(text_of("a<blockquote>b</blockquote>c"), "a\n\nb\nc") << "indented, not quoted";
    EXPECT_EQ(text_of("<blockquote type=cite>a<blockquote type=cite>b</blockquote></blockquote>c"),
              "> a\n> > b\nc");
}

TEST(MailHtml, HostileInputEndsSoonAndWithinItsLimit) {
    for (const std::string& html : hostile_pages()) {
        const auto began = std::chrono::steady_clock::now();
        const std::string text = html_mail_to_text(html, 5000, nullptr);
        const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
        EXPECT_LE(text.size(), 5000u);
        EXPECT_TRUE(is_utf8(text));
        EXPECT_LT(took.count(), 2) << html.substr(0, 20);
    }
}

TEST(MailHtml, WhatNestsTooDeepKeepsItsText) {
    std::string deep = "before ";
    for (int i = 0; i < 5000; ++i) deep += "<div>";
    EXPECT_EQ(squeeze(text_of(deep + "after")), "before after");
}

}  // namespace
}  // namespace waypost
