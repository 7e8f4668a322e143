// SPDX-License-Identifier: Apache-2.0
#include "bridges/email/mime/signature.h"

#include <algorithm>

namespace waypost::email {
namespace {

constexpr std::size_t kMostSignature = 15;  // lines; more is text
constexpr std::size_t kMostDelimiters = 3;  // more of them divide a text
constexpr std::size_t kMostCard = 9;        // lines of a card
constexpr std::size_t kLongestCardLine = 90;

bool is_delimiter(const Line& line) { return is_own(line) && line.text == "--"; }

std::size_t full_lines(const Lines& lines, std::size_t from, std::size_t to) {
    return static_cast<std::size_t>(std::count_if(lines.begin() + static_cast<std::ptrdiff_t>(from),
                                                  lines.begin() + static_cast<std::ptrdiff_t>(to),
                                                  has_words));
}

// From the delimiter to the next, or to what is not own any more.
std::size_t section_end(const Lines& lines, std::size_t i) {
    std::size_t end = i + 1;
    while (end < lines.size() && (is_own(lines[end]) || lines[end].text.empty()) &&
           !is_delimiter(lines[end]))
        ++end;
    return end;
}

std::size_t paragraph_end(const Lines& lines, std::size_t i) {
    std::size_t end = next_full(lines, i);
    while (end < lines.size() && has_words(lines[end])) ++end;
    return end;
}

// The digits of a telephone number, with what people put between them.
bool has_phone(std::string_view text) {
    int digits = 0;
    for (const char c : text) {
        if (c >= '0' && c <= '9') {
            if (++digits >= 8) return true;
        } else if (std::string_view(" +-().\t/").find(c) == std::string_view::npos) {
            digits = 0;
        }
    }
    return false;
}

// What says how to reach a person; a web page alone may be what he writes about.
bool reaches(const std::string& lower) {
    return has_address(lower) || has_phone(lower) ||
           contains_any(lower, {"tel:", "tel.", "phone", "fax", "mobile:", "icq", "pgp key",
                                "gpg key", "fingerprint", "mailto:"});
}

bool is_card_line(std::string_view line) {
    if (line.size() > kLongestCardLine || line[0] == '[') return false;  // "[1] http://": a note
    const std::string lower = lower_text(line);
    return has_link(lower) || reaches(lower);
}

bool is_sentence(std::string_view line) {
    return line.size() > 50 &&
           (line.back() == '.' || line.back() == ',' || line.back() == '?' || line.back() == '!');
}

// The first line of the paragraph that ends at `end`.
std::size_t paragraph_begin(const Lines& lines, std::size_t end) {
    while (end > 0 && has_words(lines[end - 1])) --end;
    return end;
}

bool is_card(const Lines& lines, std::size_t from, std::size_t to, bool ruled) {
    if (to - from > kMostCard || from >= to) return false;
    std::size_t hits = 0;
    bool reached = false;
    for (std::size_t i = from; i < to; ++i) {
        if (is_sentence(lines[i].text)) return false;
        if (!is_card_line(lines[i].text)) continue;
        ++hits;
        reached = reached || reaches(lower_text(lines[i].text));
    }
    if (!reached && !ruled) return false;
    return ruled ? hits >= 1 : hits >= 2 && hits * 2 >= to - from;
}

}  // namespace

void mark_signatures(Lines& lines) {
    std::size_t left =
        static_cast<std::size_t>(std::count_if(lines.begin(), lines.end(), is_delimiter));
    const bool divides = left > kMostDelimiters;
    for (std::size_t i = 0; i < lines.size(); ++i) {
        if (!is_delimiter(lines[i])) continue;
        --left;
        if (divides && left > 0) continue;
        const std::size_t end = section_end(lines, i);
        const bool all = full_lines(lines, i, end) <= kMostSignature;
        if (!any_own_before(lines, i)) continue;
        const std::size_t last = all ? end : paragraph_end(lines, i + 1);
        if (!all && full_lines(lines, i, last) > kMostSignature) continue;
        mark(lines, i, last, Role::Signature);
        i = last - 1;
    }
}

void mark_cards(Lines& lines) {
    std::size_t end = lines.size();
    while (end > 0 && !has_words(lines[end - 1])) --end;
    std::size_t begin = paragraph_begin(lines, end);
    // Up to a drawn line in the same paragraph.
    std::size_t rule = end;
    for (std::size_t i = end; i-- > begin && end - i <= kMostCard + 1;) {
        if (is_rule(lines[i].text)) rule = i;
    }
    const bool ruled = rule < end && rule + 1 < end;
    const std::size_t from = ruled ? rule + 1 : begin;
    if (!any_own_before(lines, from) || !is_card(lines, from, end, ruled)) return;
    std::size_t first = from;
    while (!ruled && first < end && !is_card_line(lines[first].text)) ++first;
    if (!any_own_before(lines, first)) return;
    mark(lines, ruled ? rule : first, end, Role::Guess);
}

}  // namespace waypost::email
