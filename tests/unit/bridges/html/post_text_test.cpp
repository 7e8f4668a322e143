// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <chrono>

#include "bridges/html/html_text.h"
#include "gateway/message/text.h"
#include "tests/unit/bridges/html/hostile_pages.h"

namespace waypost {
namespace {

std::string text_of(std::string_view html) { return html_post_to_text(html); }

std::string whole(std::string_view html) {
    HtmlPostOptions options;
    options.links = LinkForm::Whole;
    return html_post_to_text(html, options);
}

TEST(PostHtml, ParagraphsAndLines) {
    EXPECT_EQ(text_of("<p>The ford is <b>closed</b>.<br>Take the bridge.</p><p>Ben</p>"),
              "The ford is closed.\nTake the bridge.\n\nBen");
    EXPECT_EQ(text_of("<ol><li>one</li><li>two</li></ol>"), "- one\n- two");
    EXPECT_EQ(text_of("<blockquote>come at six</blockquote><p>yes</p>"), "> come at six\nyes");
    EXPECT_EQ(text_of("no tags &amp; no <3"), "no tags & no <3");
    EXPECT_EQ(text_of(""), "");
}

TEST(PostHtml, MentionsAndHashtagsAreWords) {
    EXPECT_EQ(
        text_of("<p><span class=\"h-card\" translate=\"no\"><a href=\"https://hill.example/@bob\" "
                "class=\"u-url mention\">@<span>bob</span></a></span> look</p>"),
        "@bob look");
    EXPECT_EQ(text_of("<a href=\"https://hill.example/tags/ford\" class=\"mention hashtag\" "
                      "rel=\"tag\">#<span>ford</span></a>"),
              "#ford");
    EXPECT_EQ(
        text_of("<a href='https://dale.example/@bob' class='u-url mention'>@bob@dale.example</a>"),
        "@bob@dale.example");
    EXPECT_EQ(text_of("@<a href='https://dale.example/profile/bob'>bob</a>, "
                      "#<a href='https://dale.example/search?tag=ford'>ford</a>"),
              "@bob, #ford")
        << "the mark before the link";
    EXPECT_EQ(text_of("#<a href='https://evil.example/x'>1 come and see</a>"),
              "#1 come and see <evil.example/x>");
}

TEST(PostHtml, WhatIsInvisibleIsHidden) {
    EXPECT_EQ(text_of("a<span class=\"invisible\">b</span>c"), "ac");
    EXPECT_EQ(text_of("a<span class=\"x invisible y\"><b>b</b></span>c"), "ac");
    EXPECT_EQ(text_of("a<span class=\"invisibles\">b</span>c"), "abc");
    EXPECT_EQ(text_of("<span class=\"ellipsis\">hill.example/lo</span>"), "hill.example/lo\u2026");
    EXPECT_EQ(text_of("<span class=\"ellipsis\"></span>"), "");
    EXPECT_EQ(text_of("<p>a</p><script>b()</script><style>c</style><p onclick='d()'>e</p>"),
              "a\n\ne");
}

constexpr const char* kShortened =
    "<p>See <a href=\"https://www.news.example/2026/05/the-ford?utm_source=x&amp;page=2#top\" "
    "rel=\"nofollow noopener\"><span class=\"invisible\">https://www.</span><span "
    "class=\"ellipsis\">news.example/2026/05/the-f</span><span "
    "class=\"invisible\">ord?utm_source=x&amp;page=2#top</span></a> now</p>";

TEST(PostHtml, LinksByTheirShortestUsefulForm) {
    EXPECT_EQ(text_of(kShortened), "See news.example/2026/05/the-ford?page=2 now");
    EXPECT_EQ(whole(kShortened),
              "See https://www.news.example/2026/05/the-ford?utm_source=x&page=2#top now");
    EXPECT_EQ(text_of("<a href='https://hill.example/'>https://hill.example/</a>"), "hill.example");
    EXPECT_EQ(text_of("<a href='https://hill.example/a'>the news</a>"),
              "the news <hill.example/a>");
    EXPECT_EQ(text_of("<a href='https://hill.example/a'>\n</a>x"), "x");
    EXPECT_EQ(text_of("<a href='javascript:x()'>x</a> <a href='/y'>y</a> <a>z</a>"), "x y z");
}

TEST(PostHtml, ALinkNeverHidesWhereItLeads) {
    EXPECT_EQ(text_of("<a href='https://evil.example/x'>https://bank.example/</a>"),
              "https://bank.example/ <evil.example/x>");
    EXPECT_EQ(text_of("<a href='https://bank.example@evil.example/x'>bank.example</a>"),
              "evil.example/x");
    EXPECT_EQ(
        text_of("<a href='https://bank.example@evil.example/x'>bank.example@evil.example/x</a>"),
        "evil.example/x");
    EXPECT_EQ(text_of("<a href='https://evil.example/x'>@ the bank</a>"),
              "@ the bank <evil.example/x>");
}

TEST(PostHtml, KnownMentionsAtTheBeginningGo) {
    constexpr const char* kPost =
        "<p><a href='https://hill.example/ap/ana' class='u-url mention'>@<span>ana</span></a> "
        "<a href='https://dale.example/@ben' class='u-url mention'>@<span>ben</span></a> ask "
        "<a href='https://hill.example/ap/ana' class='u-url mention'>@<span>ana</span></a></p>";
    HtmlPostOptions options;
    options.known_mentions = {"https://hill.example/ap/ana"};
    EXPECT_EQ(html_post_to_text(kPost, options), "@ben ask @ana");
    EXPECT_EQ(html_post_to_text(kPost), "@ana @ben ask @ana");
    options.known_mentions.push_back("https://dale.example/@ben");
    EXPECT_EQ(html_post_to_text(kPost, options), "ask @ana");
}

TEST(PostHtml, DirectionMarksGo) {
    EXPECT_EQ(text_of("a&#x202E;b&#x2066;c\xE2\x80\xAE"), "abc");
    EXPECT_TRUE(is_utf8(text_of("\xff\xfe<b>\xc3</b>")));
}

TEST(PostHtml, HostileInputEndsSoonAndWithinItsLimit) {
    HtmlPostOptions options;
    options.most = 5000;
    options.known_mentions = {"https://x.example/"};
    for (const std::string& html : hostile_pages()) {
        const auto began = std::chrono::steady_clock::now();
        const std::string text = html_post_to_text(html, options);
        const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
        EXPECT_LE(text.size(), 5000u);
        EXPECT_TRUE(is_utf8(text));
        EXPECT_LT(took.count(), 2) << html.substr(0, 20);
    }
}

}  // namespace
}  // namespace waypost
