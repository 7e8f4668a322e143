// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <chrono>

#include "bridges/html/html_write.h"
#include "gateway/message/text.h"
#include "tests/unit/bridges/html/hostile_pages.h"

namespace waypost {
namespace {

TEST(CleanHtml, WhatIsAllowedStays) {
    constexpr const char* kPost =
        "<p><a href=\"https://hill.example/@bob\" rel=\"nofollow noopener\" class=\"mention\">"
        "@<span>bob</span></a> the <strong>ford</strong> is <em>wet</em> <del>dry</del>"
        "<br>now</p><ul><li>a</li></ul><ol><li>b</li></ol><blockquote>c</blockquote>"
        "<pre><code>d &lt;e&gt;</code></pre>"
        "<span class=\"invisible\">f</span><span class=\"ellipsis\">g</span>";
    EXPECT_EQ(clean_html(kPost), kPost);
}

TEST(CleanHtml, OtherTagsLeaveTheirText) {
    EXPECT_EQ(clean_html("<b>a</b><i>b</i><s>c</s><u>d</u>"),
              "<strong>a</strong><em>b</em><del>c</del>d");
    EXPECT_EQ(clean_html("<h1>News</h1><div>a</div><div>b</div>c"),
              "<strong>News</strong><br>a<br>b<p>c</p>");
    EXPECT_EQ(clean_html("<table><tr><td>a</td></tr><tr><td>b</td></tr></table>"), "a<br>b");
    EXPECT_EQ(clean_html("<div><p>a</p></div><p>b</p>"), "<p>a</p><p>b</p>");
    EXPECT_EQ(clean_html("<img src=x onerror=y alt=z>a<video src=x></video>"), "<p>a</p>");
}

TEST(CleanHtml, NothingRuns) {
    for (const char* html :
         {"<script>x()</script>", "<style>*{}</style>", "<iframe src=x>y</iframe>",
          "<object data=x>y</object>", "<svg><script>x()</script><a href=x>y</a></svg>",
          "<template><p>x</p></template>", "<p style='display:none'>x</p>", "<!-- <p>x</p> -->",
          "<select><option>x</select>"}) {
        EXPECT_EQ(clean_html(html), "") << html;
    }
    EXPECT_EQ(clean_html("<p onclick=x() style='color:red' id=a data-b=c>d</p>"), "<p>d</p>");
    EXPECT_EQ(clean_html("<math><mtext><p>a</p></mtext></math>"), "<p>a</p>");
}

TEST(CleanHtml, LinksGoToTheWebOnly) {
    EXPECT_EQ(clean_html("<a href='https://h.example/?a&b=\"' target=_blank onclick=x>y</a>"), "y")
        << "no quotes inside";
    EXPECT_EQ(clean_html("<a href='https://h.example/?a&amp;b'>y</a>"),
              "<a href=\"https://h.example/?a&amp;b\" rel=\"nofollow noopener\">y</a>");
    for (const char* url : {"javascript:x()", "JaVaScRiPt:x()", " https://h.example",
                            "java\nscript:x()", "data:text/html,x", "vbscript:x", "//h.example",
                            "/x", "", "&#106;avascript:x", "https:x", "ftp://h.example"}) {
        EXPECT_EQ(clean_html(std::string("<a href='") + url + "'>y</a>"), "y") << url;
    }
    EXPECT_EQ(clean_html("<span class='mention evil u-url'>a</span>"),
              "<span class=\"mention\">a</span>");
    EXPECT_EQ(clean_html("<p class='invisible'>a</p>"), "<p>a</p>");
}

TEST(CleanHtml, EveryTagIsClosed) {
    EXPECT_EQ(clean_html("<ul><li>a<li><strong>b"),
              "<ul><li>a</li><li><strong>b</strong></li></ul>");
    EXPECT_EQ(clean_html("</p></ul>a"), "<p>a</p>");
    EXPECT_EQ(clean_html("<em>a<p>b</em>c"), clean_html(clean_html("<em>a<p>b</em>c")));
    EXPECT_EQ(clean_html("a < b & c > d \"e\" &lt;script&gt;"),
              "<p>a &lt; b &amp; c &gt; d &quot;e&quot; &lt;script&gt;</p>");
}

TEST(CleanHtml, WhatIsLongEndsWell) {
    const std::string page = "<p><strong>" + std::string(200, 'x') + "</strong></p>";
    EXPECT_EQ(clean_html(page, 60), "<p><strong>" + std::string(36, 'x') + "</strong></p>");
    EXPECT_EQ(clean_html("<p>&lt;&lt;&lt;</p>", 12), "<p>&lt;</p>");
    EXPECT_EQ(clean_html("<p>\u0416\u0416</p>", 10), "<p>\u0416</p>");
    EXPECT_EQ(clean_html("<p>x</p>", 3), "");
}

TEST(CleanHtml, DirectionMarksGo) { EXPECT_EQ(clean_html("a&#x202E;b\xE2\x80\xAE"), "<p>ab</p>"); }

TEST(CleanHtml, WhatNestsTooDeepKeepsItsText) {
    std::string deep = "before ";
    for (int i = 0; i < 5000; ++i) deep += "<div>";
    EXPECT_EQ(squeeze(clean_html(deep + "after <script>&lt;")), "before after &amp;lt;");
    std::string nested;
    for (int i = 0; i < 100; ++i) nested += "<em>";
    const std::string clean = clean_html(nested + "a");
    EXPECT_LT(clean.size(), 32 * 9 + 2u) << "no browser is given hundreds of levels";
    EXPECT_NE(clean.find(">a<"), std::string::npos);
}

TEST(CleanHtml, HostileInputEndsSoonAndWithinItsLimit) {
    for (const std::string& html : hostile_pages()) {
        const auto began = std::chrono::steady_clock::now();
        const std::string clean = clean_html(html, 5000);
        const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
        EXPECT_LE(clean.size(), 5000u);
        EXPECT_LT(took.count(), 2) << html.substr(0, 20);
    }
}

}  // namespace
}  // namespace waypost
