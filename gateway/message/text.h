// SPDX-License-Identifier: Apache-2.0
// Text by bytes and code points. Radios count bytes; people count letters; nothing here ever
// splits a code point, and pages never split a grapheme (UAX #29) unless one alone is too long.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace waypost {

struct CodePoint {
    std::int32_t value;  // negative: malformed
    std::size_t bytes;
};
// Of a text that is not empty.
CodePoint first_code_point(std::string_view text);
void append_code_point(std::string& out, std::int32_t value);

// `use(value, bytes)` for each, in order.
template <class Use>
void each_code_point(std::string_view text, Use use) {
    while (!text.empty()) {
        const CodePoint point = first_code_point(text);
        use(point.value, text.substr(0, point.bytes));
        text.remove_prefix(point.bytes);
    }
}

bool is_utf8(std::string_view bytes);

// Valid UTF-8 whatever comes in: every malformed sequence becomes U+FFFD; NUL and control
// characters other than newline and tab go; direction overrides (U+202A-202E, U+2066-2069) go.
std::string clean_utf8(std::string_view bytes);

// The longest prefix of at most `bytes` bytes that ends on a grapheme boundary.
std::string_view cut_bytes(std::string_view text, std::size_t bytes);

// `text` in pages of at most `bytes` bytes each, broken at white space where a page has any in its
// last third; joining the pages gives the text back, byte for byte.
std::vector<std::string> split_pages(std::string_view text, std::size_t bytes);

// Runs of white space become one space, ends are trimmed: how a text looks on a small display.
std::string squeeze(std::string_view text);
// A-Z become a-z, nothing else changes: domains and handles are compared so.
std::string lower_ascii(std::string_view text);
std::string upper_ascii(std::string_view text);  // as SMTP and IMAP compare their words
bool is_ascii(std::string_view text);
bool is_blank(std::string_view text);  // nothing but white space

// What somebody calls himself or somebody else, as one line that shows only what it says: no
// control characters, direction marks, or what has no width.
std::string clean_name(std::string_view text);

// The same for a line that somebody wrote, a subject: what joins letters or keeps them apart stays,
// for Persian and Hindi are written with it.
std::string clean_title(std::string_view text);

// One line: like squeeze, and at most `bytes` bytes, with "…" where something was cut.
std::string one_line(std::string_view text, std::size_t bytes);

// 1437 -> "1.4k", 3250000 -> "3.1M" (binary steps, one decimal): sizes for a small display.
std::string short_size(std::size_t bytes);

// How long in one unit, rounded down: 45 s, 3 m, 2 h, 5 d. Up to 90 of the smaller unit, but for
// what is just one of the next: 1 h, 61 m. Negative counts as none.
struct RoundTime {
    long long count = 0;
    char unit = 's';
};
RoundTime round_time(std::chrono::milliseconds time);
std::string short_time(std::chrono::milliseconds time);

}  // namespace waypost
