// SPDX-License-Identifier: Apache-2.0
#include "bridges/email/mime/authentication_results.h"

#include <strings.h>

#include <algorithm>
#include <string_view>

namespace waypost::email {
namespace {

// Comments (RFC 5322 3.2.2, nested) and quoted strings may hold anything, a forged result too.
std::string without_comments_and_quotes(std::string_view text) {
    std::string out;
    int depth = 0;
    bool quoted = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (c == '\\' && (quoted || depth > 0)) {
            ++i;
        } else if (c == '"' && depth == 0) {
            quoted = !quoted;
            out += '"';
        } else if (!quoted && c == '(') {
            ++depth;
        } else if (!quoted && c == ')' && depth > 0) {
            --depth;
        } else if (!quoted && depth == 0) {
            out += c;
        }
    }
    return out;
}

// The first word, "dmarc=pass" of " dmarc = pass header.from=x".
std::string_view word(std::string_view text) {
    constexpr std::string_view kSpace = " \t\r\n";
    const std::size_t from = text.find_first_not_of(kSpace);
    if (from == std::string_view::npos) return {};
    text.remove_prefix(from);
    return text.substr(0, text.find_first_of(kSpace));
}

bool same(std::string_view a, std::string_view b) {
    return a.size() == b.size() && ::strncasecmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace

bool dmarc_passed(const std::vector<std::string>& values, const std::string& authserv_id) {
    if (authserv_id.empty() || values.empty()) return false;
    const std::string text = without_comments_and_quotes(values.front());
    const std::size_t first = text.find(';');
    if (first == std::string::npos) return false;
    if (!same(word(std::string_view(text).substr(0, first)), authserv_id)) return false;
    for (std::size_t from = first + 1; from <= text.size();) {
        const std::size_t end = std::min(text.find(';', from), text.size());
        const std::string_view result = word(std::string_view(text).substr(from, end - from));
        if (same(result.substr(0, result.find('=')), "dmarc")) return same(result, "dmarc=pass");
        from = end + 1;
    }
    return false;
}

}  // namespace waypost::email
