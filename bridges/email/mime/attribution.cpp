// SPDX-License-Identifier: Apache-2.0
#include "bridges/email/mime/attribution.h"

#include <algorithm>

namespace waypost::email {
namespace {

constexpr std::size_t kMostBlank = 2;    // between an introduction and its quote
constexpr std::size_t kMostLines = 4;    // of an introduction
constexpr std::size_t kLongest = 400;    // bytes of one
constexpr std::size_t kShortVerb = 160;  // of one that has a verb but neither date nor address
constexpr std::size_t kVerbEnd = 40;     // where such a verb stands
constexpr std::size_t kName = 60;        // of one that is but a name

const Words kVerbs = {"wrote",
                      "writes",
                      "said",
                      "says",
                      "mentioned",
                      "typed",
                      "posted",
                      "schrieb",
                      "schreibt",
                      "\u00e9crit",
                      "\u00e9crivait",
                      "escribi\u00f3",
                      "escribio",
                      "escreveu",
                      "scrisse",
                      "ha scritto",
                      "schreef",
                      "skrev",
                      "skrifa\u00f0i",
                      "kirjoitti",
                      "napsal",
                      "nap\u00edsal",
                      "napisa\u0142",
                      "napisal",
                      "pisze",
                      "\u00edrta",
                      "yazd\u0131",
                      "\u043d\u0430\u043f\u0438\u0441\u0430",
                      "\u043f\u0438\u0448\u0435\u0442",
                      "\u043f\u0438\u0441\u0430\u043b",
                      "\u03ad\u03b3\u03c1\u03b1\u03c8\u03b5",
                      "\u0643\u062a\u0628",
                      "\u0646\u0648\u0634\u062a",
                      "\u05db\u05ea\u05d1",
                      "aliandika",
                      "ameandika",
                      "\u0932\u093f\u0916\u093e",
                      "\u0932\u093f\u0916\u0947",
                      "\u5199\u9053",
                      "\u5beb\u9053",
                      "\u66f8\u304d\u307e\u3057\u305f",
                      "\u306e\u30e1\u30c3\u30bb\u30fc\u30b8",
                      "\uc791\uc131",
                      "menulis",
                      "vi\u1ebft",
                      "babbled",
                      "scribbled",
                      "spake",
                      "thusly",
                      "scr\u00edobh",
                      "wisdom included",
                      "is all like",
                      "commented",
                      "stated",
                      "replied",
                      "asked"};

const Words kOpenings = {
    "on ",      "am ",          "le ",          "el ",         "il ",
    "em ",      "op ",          "den ",         "dne ",        "dnia ",
    "w dniu ",  "at ",          "in article ",  "in message ", "once upon a time",
    "quoting ", "in reply to ", "also sprach ", "thus spake ", "\u043e\u0442 ",
    "\u0432 ",  "\u5728",       "p\u00e5 ",     "ter "};

bool ends_as_one(std::string_view text) {
    return ends_with_any(text,
                         {":", "\uff1a", "...", "\u2026", ",", "wrote", "writes", ":*", "wrote;"});
}

// 2002, 10:45, 3/5: what tells a date from another number.
bool has_date(std::string_view text) {
    for (std::size_t i = 0; i + 2 < text.size(); ++i) {
        const auto digit = [&](std::size_t at) {
            return at < text.size() && text[at] >= '0' && text[at] <= '9';
        };
        if (!digit(i)) continue;
        if ((text[i + 1] == ':' || text[i + 1] == '/' || text[i + 1] == '.' ||
             text[i + 1] == '-') &&
            digit(i + 2))
            return true;
        if (digit(i + 1) && digit(i + 2) && digit(i + 3)) return true;
    }
    return false;
}

bool capital(std::string_view word) {
    const auto first = static_cast<unsigned char>(word.empty() ? 'a' : word[0]);
    return (first >= 'A' && first <= 'Z') || first >= 0xC3;
}

// "[Tim]", "<Tim>", "Gary Lawrence Murphy:", "Shan Ryan suggested:": a name, perhaps with one word
// that is none.
bool is_name(std::string_view line) {
    if (line.size() > kName || line.size() < 3) return false;
    const char open = line.front();
    if ((open == '[' && line.back() == ']') || (open == '<' && line.back() == '>'))
        return capital(line.substr(1));
    if (line.back() != ':') return false;
    line = trim(line.substr(0, line.size() - 1));
    int names = 0;
    int others = 0;
    for (std::size_t from = 0; from < line.size();) {
        const std::size_t end = std::min(line.find(' ', from), line.size());
        const std::string_view word = line.substr(from, end - from);
        ++(capital(word) ? names : others);
        from = end + 1;
        if (others > 0 && from < line.size()) return false;
    }
    const bool verb = others == 1 && ends_with_any(line, {"s", "ed", "te", "t"});
    return names <= 5 && (names >= 2 ? others == 0 || verb : names == 1 && verb);
}

// "Bill:", right above a quote.
bool is_one_name(std::string_view line) {
    return line.size() <= kName && line.size() > 2 && line.back() == ':' && capital(line) &&
           line.find(' ') == std::string_view::npos;
}

bool is_introduction(const std::string& text) {
    if (text.size() > kLongest || !ends_as_one(text)) return false;
    const bool verb = contains_any(text, kVerbs);
    const bool colon = ends_with_any(text, {":", "\uff1a", ":*"});
    if (starts_with_any(text, {"quoting ", "in article ", "in message ", "also sprach "}) && colon)
        return true;
    const bool told = has_address(text) || has_date(text);
    if (verb && told) return true;
    if (colon && text.size() <= kShortVerb) {
        const std::string_view end =
            std::string_view(text).substr(text.size() - std::min(text.size(), kVerbEnd));
        if (contains_any(end, kVerbs)) return true;
        if (has_digit(text) && starts_with_any(text, kOpenings)) return true;
    }
    if (text.size() <= kName && ends_with_any(text, {" wrote", " writes", " wrote;"})) return true;
    return colon && told && text.size() <= kShortVerb && !has_link(text);
}

// A line so clear that what follows is a quote even without marks.
bool is_certain(const std::string& text) {
    return text.size() <= kLongest && ends_with_any(text, {":", "\uff1a"}) && has_date(text) &&
           has_digit(text) && starts_with_any(text, kOpenings) && contains_any(text, kVerbs);
}

// `last` is the line that may end an introduction: where does that begin? last + 1: it is none.
template <class Is>
std::size_t begins(const Lines& lines, std::size_t last, Is is) {
    std::size_t shortest = last + 1;
    for (std::size_t n = 0; n < kMostLines && n <= last; ++n) {
        const std::size_t from = last - n;
        if (!has_words(lines[from])) break;
        const std::string text = lower_joined(lines, from, last + 1);
        if (text.size() > kLongest) break;
        if (!is(text)) continue;
        if (starts_with_any(text, kOpenings)) return from;
        if (shortest > last) shortest = from;
    }
    return shortest;
}

// Programs break a long introduction after the date, so the address stands alone on its line.
std::size_t with_line_above(const Lines& lines, std::size_t from) {
    const std::string& first = lines[from].lower;
    const bool alone = starts_with_any(first, {"<", "(", "wrote", "[mailto"}) ||
                       (!has_date(first) && has_address(first));
    if (!alone || from == 0 || !has_words(lines[from - 1]) || lines[from - 1].text.size() > 120)
        return from;
    return has_date(lines[from - 1].text) ? from - 1 : from;
}

void mark_above_quotes(Lines& lines) {
    for (std::size_t i = 1; i < lines.size(); ++i) {
        if (lines[i].role != Role::Quote || lines[i - 1].role == Role::Quote) continue;
        mark(lines, attribution_begins(lines, i), i, Role::Attribution);
    }
}

void mark_old_mail_without_marks(Lines& lines) {
    std::size_t last_quote = 0;
    for (std::size_t i = 0; i < lines.size(); ++i) {
        if (lines[i].role == Role::Quote) last_quote = i;
    }
    for (std::size_t i = last_quote; i < lines.size(); ++i) {
        if (!has_words(lines[i]) || !ends_with_any(lines[i].text, {":", "\uff1a"})) continue;
        const std::size_t from = begins(lines, i, is_certain);
        if (from > i || !any_own_before(lines, from)) continue;
        return mark(lines, from, lines.size(), Role::OldMail);
    }
}

}  // namespace

bool introduces_quote(std::string_view line) {
    return line.size() <= kLongest && is_introduction(lower_text(trim(line)));
}

std::size_t attribution_begins(const Lines& lines, std::size_t quote) {
    std::size_t last = quote;
    std::size_t blanks = 0;
    while (last > 0 && lines[last - 1].text.empty() && blanks <= kMostBlank) --last, ++blanks;
    if (last == 0 || blanks > kMostBlank || !has_words(lines[last - 1])) return quote;
    const std::string_view line = trim(lines[last - 1].text);
    const std::size_t from = begins(lines, last - 1, is_introduction);
    if (from < last) return with_line_above(lines, from);
    if (last >= 2 && has_words(lines[last - 2])) return quote;
    return is_name(line) || (blanks == 0 && is_one_name(line)) ? last - 1 : quote;
}

void mark_attributions(Lines& lines) {
    mark_above_quotes(lines);
    mark_old_mail_without_marks(lines);
}

}  // namespace waypost::email
