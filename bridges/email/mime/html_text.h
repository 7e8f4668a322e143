// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace waypost::email {

// HTML as a person reads it in plain text: blocks become lines, list items get "- ", a link's
// address follows in <> where the text does not show it, quotes get "> " (a blockquote only where
// something says that it quotes). A page with many links is a newsletter: its addresses and its
// menus are left out. Scripts, styles, images and what is not shown vanish; nothing is ever
// fetched. libxml2 parses. `html` is UTF-8. At most `most` bytes come out, in time linear in the
// input.
std::string html_to_text(std::string_view html, std::size_t most);

}  // namespace waypost::email
