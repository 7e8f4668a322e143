// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "bridges/html/html_text.h"
#include "bridges/html/html_write.h"

namespace waypost {
namespace {

const HtmlMention kBob{"@bob@social.example", "https://social.example/@bob"};

constexpr const char* kBobLink =
    "<span class=\"h-card\"><a href=\"https://social.example/@bob\" class=\"u-url mention\">"
    "@<span>bob</span></a></span>";

std::string linked(const std::string& url) {
    return "<a href=\"" + url + "\" rel=\"nofollow noopener\">" + url + "</a>";
}

TEST(TextToHtml, ParagraphsAndLineFeeds) {
    EXPECT_EQ(text_to_html("one\ntwo\n\n\nthree\n"), "<p>one<br>two</p><p>three</p>");
    EXPECT_EQ(text_to_html("\n \n"), "");
    EXPECT_EQ(text_to_html(""), "");
}

TEST(TextToHtml, EverythingIsEscaped) {
    EXPECT_EQ(text_to_html("<b>\"a\" & 'b'</b>"),
              "<p>&lt;b&gt;&quot;a&quot; &amp; &#39;b&#39;&lt;/b&gt;</p>");
    EXPECT_EQ(text_to_html("a\xff\x01\xE2\x80\xAE"), "<p>a\xEF\xBF\xBD</p>");
}

TEST(TextToHtml, UrlsAreLinks) {
    EXPECT_EQ(text_to_html("see https://hill.example/a?b=1, ok"),
              "<p>see " + linked("https://hill.example/a?b=1") + ", ok</p>");
    EXPECT_EQ(text_to_html("(http://hill.example/a)"),
              "<p>(" + linked("http://hill.example/a") + ")</p>");
    EXPECT_EQ(text_to_html("https://hill.example/a_(b)"),
              "<p>" + linked("https://hill.example/a_(b)") + "</p>");
    EXPECT_EQ(text_to_html("https://hill.example/?a&b"),
              "<p><a href=\"https://hill.example/?a&amp;b\" rel=\"nofollow noopener\">"
              "https://hill.example/?a&amp;b</a></p>");
    EXPECT_EQ(text_to_html("https://hill.example/\"onclick=x"),
              "<p>" + linked("https://hill.example/") + "&quot;onclick=x</p>");
    for (const std::string text :
         {"https://", "xhttps://hill.example", "javascript:x()", "http:/x"})
        EXPECT_EQ(text_to_html(text), "<p>" + text + "</p>");
}

TEST(TextToHtml, GivenMentionsAreLinks) {
    EXPECT_EQ(text_to_html("@bob@social.example hi", {kBob}),
              "<p>" + std::string(kBobLink) + " hi</p>");
    EXPECT_EQ(text_to_html("hi @Bob@Social.example.", {kBob}),
              "<p>hi " + std::string(kBobLink) + ".</p>");
    for (const std::string text : {"@bob@social.example.org", "x@bob@social.example",
                                   "@bob@social.example-2", "@bobby@social.example", "@bob"}) {
        EXPECT_EQ(text_to_html(text, {kBob}), "<p>" + text + "</p>");
    }
    EXPECT_EQ(text_to_html("@bob@social.example", {{kBob.text, "javascript:x()"}}),
              "<p>@bob@social.example</p>");
}

TEST(TextToHtml, TheLongerMentionGoesFirst) {
    const HtmlMention near{"@bob", "https://hill.example/ap/bob"};
    EXPECT_EQ(text_to_html("@bob@social.example", {near, kBob}),
              "<p>" + std::string(kBobLink) + "</p>");
    EXPECT_NE(text_to_html("@bob x", {near, kBob}).find("hill.example/ap/bob"), std::string::npos);
}

TEST(TextToHtml, ComesBackAsItWas) {
    const std::string text = "Hi @bob,\nthe ford <is> closed & wet.\n\nhttps://hill.example/ford";
    HtmlPostOptions options;
    options.links = LinkForm::Whole;
    EXPECT_EQ(
        html_post_to_text(text_to_html(text, {{"@bob", "https://hill.example/ap/bob"}}), options),
        text);
}

}  // namespace
}  // namespace waypost
