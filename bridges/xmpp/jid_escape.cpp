// SPDX-License-Identifier: Apache-2.0
// XEP-0106.
#include <algorithm>
#include <array>
#include <utility>

#include "bridges/xmpp/jid.h"

namespace waypost::xmpp {
namespace {

constexpr std::array<std::pair<char, std::string_view>, 10> kEscapes = {{{' ', "\\20"},
                                                                         {'"', "\\22"},
                                                                         {'&', "\\26"},
                                                                         {'\'', "\\27"},
                                                                         {'/', "\\2f"},
                                                                         {':', "\\3a"},
                                                                         {'<', "\\3c"},
                                                                         {'>', "\\3e"},
                                                                         {'@', "\\40"},
                                                                         {'\\', "\\5c"}}};

// The one that `text` begins with.
const std::pair<char, std::string_view>* escape_at(std::string_view text) {
    const auto* const found = std::find_if(kEscapes.begin(), kEscapes.end(), [&](const auto& each) {
        return text.starts_with(each.second);
    });
    return found == kEscapes.end() ? nullptr : found;
}

std::string_view escape_of(char c) {
    const auto* const found = std::find_if(kEscapes.begin(), kEscapes.end(),
                                           [&](const auto& each) { return each.first == c; });
    return found == kEscapes.end() ? std::string_view() : found->second;
}

}  // namespace

// A backslash is escaped only where it would be read as an escape (section 4.2).
std::string escape_local(std::string_view text) {
    if (text.starts_with(' ') || text.ends_with(' ')) return {};
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const std::string_view escape = escape_of(text[i]);
        if (escape.empty() || (text[i] == '\\' && escape_at(text.substr(i)) == nullptr)) {
            out += text[i];
        } else {
            out += escape;
        }
    }
    return out;
}

std::string unescape_local(std::string_view local) {
    std::string out;
    while (!local.empty()) {
        const auto* const escape = escape_at(local);
        out += escape == nullptr ? local.front() : escape->first;
        local.remove_prefix(escape == nullptr ? 1 : escape->second.size());
    }
    return out;
}

}  // namespace waypost::xmpp
