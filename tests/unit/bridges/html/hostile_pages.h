// SPDX-License-Identifier: Apache-2.0
// Pages that make a careless reader slow, big or wrong.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace waypost {

inline std::vector<std::string> hostile_pages() {
    constexpr std::size_t kBytes = 256 * 1024;
    std::vector<std::string> pages;
    for (const std::string_view piece : {"<",
                                         "<!--",
                                         "<a ",
                                         "<div>",
                                         "</p>",
                                         "<b><i>",
                                         "&",
                                         "&#",
                                         "<div></x>",
                                         "<table><tr><td>",
                                         "<a href=x",
                                         "</",
                                         "<blockquote type=cite>",
                                         "<p",
                                         "<a href='http://x'>y</a>",
                                         "<x y=",
                                         "\"",
                                         "<form><b></form>",
                                         "<span class=ellipsis>",
                                         "<span class=invisible>x</span>",
                                         "<a class=mention href='https://x.example/'>@x</a>",
                                         "<a href='https://x.example/'><a>",
                                         "<ul><li>",
                                         "<pre>\n",
                                         "<br>",
                                         "<svg>",
                                         "&nbsp;"}) {
        std::string page;
        while (page.size() < kBytes) page += piece;
        pages.push_back(std::move(page));
    }
    std::string attributes;
    for (int i = 0; i < 30'000; ++i) attributes += 'a' + std::to_string(i) + "=1 ";
    pages.push_back("<a " + attributes + ">ok");
    pages.push_back("<span class='" + std::string(kBytes, 'x') + "'>ok");
    pages.push_back("<a href='https://x.example/" + std::string(kBytes, 'x') + "'>ok</a>");
    return pages;
}

}  // namespace waypost
