// SPDX-License-Identifier: Apache-2.0
// HTML as a person reads it in plain text: blocks become lines, list items get "- ", paragraphs a
// blank line between. Scripts, styles, pictures and what is not shown vanish; nothing is ever
// fetched. libxml2 parses. `html` is UTF-8, or becomes it. At most `most` bytes come out, in time
// linear in the input. Pure; any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace waypost {

// Whether a line alone may introduce a quote: "On 3 May, Ana wrote:".
using IntroducesQuote = bool (*)(std::string_view line);

// What mail programs and newsletters write. A link's address follows in <> where the text does not
// show it; a blockquote gets "> " only where something says that it quotes. A page with many links
// is a newsletter: its addresses and its menus are left out. `introduces` may be null.
std::string html_mail_to_text(std::string_view html, std::size_t most, IntroducesQuote introduces);

enum class LinkForm {
    Short,  // short_link() (link_text.h): "news.example/2026/ford"
    Whole,  // "https://news.example/2026/ford?from=here"
};

struct HtmlPostOptions {
    std::size_t most = 64 * 1024;
    LinkForm links = LinkForm::Short;
    // Links of these addresses are left out where the post begins with them: a direct message has
    // to name whom it is for.
    std::vector<std::string> known_mentions{};
};

// What servers of the fediverse write. Mentions and hashtags are their text ("@bob", "#ford"); of
// the class "invisible" nothing is shown, and "..." follows what is of the class "ellipsis". A link
// whose text is its address is shown once, by LinkForm; of any other the address follows in <>:
// what a text says of where it leads is never believed. A blockquote gets "> ".
std::string html_post_to_text(std::string_view html, const HtmlPostOptions& options = {});

}  // namespace waypost
