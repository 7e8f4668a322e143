// SPDX-License-Identifier: Apache-2.0
// HTML for browsers and other servers: plain text as HTML, and what a stranger wrote made harmless.
// Pure; any thread.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace waypost {

struct HtmlMention {
    std::string text;  // as it stands in the text: "@bob@social.example"
    std::string href;  // a web URL; else it stays text
};

// Paragraphs (<p>), line feeds (<br>), web URLs as links, and each of `mentions` as a link of the
// class "mention" that shows its name without the domain, as fediverse servers write it. Upper and
// lower case of a mention do not count; a longer one goes before a shorter one. `text` becomes
// clean UTF-8. Empty for blank text.
std::string text_to_html(std::string_view text, const std::vector<HtmlMention>& mentions = {});

// HTML of a stranger for a browser: what is not on this list is not in it. Tags p br a span strong
// em del code pre ul ol li blockquote (b, i, s and headings become what is like them); of their
// attributes only the classes mention, hashtag, invisible and ellipsis, and an href to http or
// https, with rel="nofollow noopener". What another tag holds stays as text, but for scripts, style
// sheets and the like, and what is not shown. Every tag is closed, text and values are escaped. At
// most `most` bytes, in time linear in the input.
std::string clean_html(std::string_view html, std::size_t most = 64 * 1024);

}  // namespace waypost
