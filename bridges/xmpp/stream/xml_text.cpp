// SPDX-License-Identifier: Apache-2.0
#include "bridges/xmpp/stream/xml_text.h"

#include <array>

#include "gateway/message/text.h"

namespace waypost::xmpp {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

enum Kind : unsigned char { Plain, Escaped, Dropped, Wide };

using Kinds = std::array<Kind, 256>;

constexpr Kinds kinds(bool value) {
    Kinds kinds{};
    for (std::size_t c = 0; c < 0x20; ++c) kinds[c] = Dropped;
    for (std::size_t c = 0x80; c < kinds.size(); ++c) kinds[c] = Wide;
    kinds['\t'] = kinds['\n'] = value ? Escaped : Plain;
    kinds['\r'] = kinds['&'] = kinds['<'] = kinds['>'] = Escaped;
    if (value) kinds['\''] = kinds['"'] = Escaped;
    return kinds;
}

constexpr Kinds kText = kinds(false);
constexpr Kinds kValue = kinds(true);

std::string_view escaped(char c) {
    switch (c) {
        case '&':
            return "&amp;";
        case '<':
            return "&lt;";
        case '>':
            return "&gt;";
        case '\'':
            return "&apos;";
        case '"':
            return "&quot;";
        case '\t':
            return "&#9;";
        case '\n':
            return "&#10;";
        default:
            return "&#13;";
    }
}

// Bytes of `text` that were dealt with.
std::size_t append_wide(std::string& out, std::string_view text) {
    const CodePoint point = first_code_point(text);
    if (point.value < 0) {
        out += kReplacement;
    } else if (point.value != 0xFFFE && point.value != 0xFFFF) {
        out += text.substr(0, point.bytes);
    }
    return point.bytes;
}

void append(std::string& out, std::string_view text, const Kinds& table) {
    const auto kind = [&](std::size_t at) { return table[static_cast<unsigned char>(text[at])]; };
    while (!text.empty()) {
        std::size_t plain = 0;
        while (plain < text.size() && kind(plain) == Plain) ++plain;
        out += text.substr(0, plain);
        text.remove_prefix(plain);
        if (text.empty()) return;
        std::size_t used = 1;
        if (kind(0) == Escaped) out += escaped(text.front());
        if (kind(0) == Wide) used = append_wide(out, text);
        text.remove_prefix(used);
    }
}

}  // namespace

void append_xml_text(std::string& out, std::string_view text) { append(out, text, kText); }
void append_xml_value(std::string& out, std::string_view value) { append(out, value, kValue); }

}  // namespace waypost::xmpp
