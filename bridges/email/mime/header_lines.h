// SPDX-License-Identifier: Apache-2.0
// A mail's header line by line, byte for byte (RFC 5322 2.2), for who changes a few of them.
#pragma once

#include <string_view>

namespace waypost::email {

// The line goes on with the field before it.
inline bool folded(std::string_view line) {
    return !line.empty() && (line[0] == ' ' || line[0] == '\t');
}

// Calls `line` with each line of the header, its CR LF included; returns where the empty line
// behind it begins, or the size of the mail if there is none.
template <class Line>
std::size_t each_header_line(std::string_view mail, Line line) {
    for (std::size_t from = 0; from < mail.size();) {
        const std::size_t end = mail.find("\r\n", from);
        if (end == from) return from;
        const std::size_t next = end == std::string_view::npos ? mail.size() : end + 2;
        line(mail.substr(from, next - from));
        from = next;
    }
    return mail.size();
}

}  // namespace waypost::email
