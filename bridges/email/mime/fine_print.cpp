// SPDX-License-Identifier: Apache-2.0
#include "bridges/email/mime/fine_print.h"

#include <algorithm>
#include <optional>

namespace waypost::email {
namespace {

constexpr std::size_t kLongest = 16'000;  // bytes of one paragraph looked at
constexpr std::size_t kMostBetween = 4;   // paragraphs between two that are certain
constexpr std::size_t kMostAdvert = 30;   // lines
constexpr std::size_t kHeading = 100;     // bytes

bool is_fine_print(const std::string& text) {
    static const Words kPhrases = {"no purchase necessary",
                                   "void where",
                                   "wherever prohibited",
                                   "prohibited by law",
                                   "official rules",
                                   "without warranty",
                                   "implied warranties",
                                   "merchantability",
                                   "informational purposes only",
                                   "odds of winning",
                                   "assume no responsibility",
                                   "not responsible for",
                                   "no liability",
                                   "forward-looking statements",
                                   "registered trademark",
                                   "trademarks of",
                                   "sole discretion",
                                   "potential winner",
                                   "winners will be",
                                   "hold harmless",
                                   "terms and conditions",
                                   "at the time of entry",
                                   "haftungsausschluss",
                                   "ohne gew\u00e4hr",
                                   "der rechtsweg"};
    return count_any(text, kPhrases) >= 2;
}

struct Paragraph {
    std::size_t begin = 0;
    std::size_t end = 0;
};

// The next one at or after `from`; empty at the end of the text.
Paragraph next_paragraph(const Lines& lines, std::size_t from) {
    while (from < lines.size() && (!has_words(lines[from]) || is_rule(lines[from].text))) ++from;
    Paragraph paragraph{from, from};
    while (paragraph.end < lines.size() && has_words(lines[paragraph.end]) &&
           !is_rule(lines[paragraph.end].text)) {
        ++paragraph.end;
    }
    return paragraph;
}

// Only the letters, small: "%--- A D V E R T I S E M E N T ---%" is "advertisement".
bool is_advert_heading(std::string_view line) {
    if (line.size() > kHeading) return false;
    std::string letters;
    for (const char c : lower_text(line)) {
        if (c >= 'a' && c <= 'z') letters += c;
    }
    static const Words kHeadings = {
        "advertisement",   "advertisements",       "advertising", "sponsor",
        "sponsors",        "oursponsor",           "oursponsors", "fromoursponsor",
        "fromoursponsors", "thisissuesponsoredby", "anzeige",     "werbung",
        "publicidad"};
    return std::find(kHeadings.begin(), kHeadings.end(), letters) != kHeadings.end();
}

// To the next drawn line; if none is near, to the end of the paragraph.
std::size_t advert_end(const Lines& lines, std::size_t heading) {
    std::size_t begin = next_full(lines, heading + 1);
    if (begin < lines.size() && is_rule(lines[begin].text)) ++begin;
    const std::size_t most = std::min(lines.size(), begin + kMostAdvert);
    for (std::size_t i = begin; i < most; ++i) {
        if (is_own(lines[i]) && is_rule(lines[i].text)) return i;
    }
    return next_paragraph(lines, begin).end;
}

}  // namespace

void mark_fine_print(Lines& lines) {
    std::optional<std::size_t> last;  // where the last certain one ended
    std::size_t between = 0;
    for (Paragraph p = next_paragraph(lines, 0); p.begin < lines.size();
         p = next_paragraph(lines, p.end)) {
        std::size_t bytes = 0;
        for (std::size_t i = p.begin; i < p.end; ++i) bytes += lines[i].text.size();
        if (bytes > kLongest || !is_fine_print(lower_joined(lines, p.begin, p.end))) {
            ++between;
            continue;
        }
        const bool near = last && between <= kMostBetween;
        mark(lines, near ? *last : p.begin, p.end, Role::Guess);
        last = p.end;
        between = 0;
    }
}

void mark_adverts(Lines& lines) {
    for (std::size_t i = 0; i < lines.size(); ++i) {
        const bool below_text = i > 0 && has_words(lines[i - 1]) && !is_rule(lines[i - 1].text);
        if (below_text || !has_words(lines[i]) || !is_advert_heading(lines[i].text)) continue;
        const std::size_t end = std::min(advert_end(lines, i), lines.size());
        mark(lines, i, end, Role::Guess);
        i = std::max(end, i + 1) - 1;
    }
}

}  // namespace waypost::email
