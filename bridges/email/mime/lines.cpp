// SPDX-License-Identifier: Apache-2.0
#include "bridges/email/mime/lines.h"

#include <algorithm>

namespace waypost::email {
namespace {

constexpr std::string_view kSpace = " \t\r\f\v";

bool is_capital_pair(unsigned char first, unsigned char second) {
    if (first == 0xC3) return second >= 0x80 && second <= 0x9E && second != 0x97;
    if (first == 0xCE) return second >= 0x91 && second <= 0x9F;
    return first == 0xD0 && second >= 0x90 && second <= 0x9F;
}

void lower_others(std::string& text) {
    for (std::size_t i = 0; i + 1 < text.size(); ++i) {
        const auto first = static_cast<unsigned char>(text[i]);
        const auto second = static_cast<unsigned char>(text[i + 1]);
        if (first == 0xD0 && second >= 0xA0 && second <= 0xAF) {  // Cyrillic, second half
            text[i] = '\xD1';
            text[i + 1] = static_cast<char>(second - 0x20);
        } else if (is_capital_pair(first, second)) {
            text[i + 1] = static_cast<char>(second + 0x20);
        }
    }
}

}  // namespace

std::string_view trim_left(std::string_view text) {
    text.remove_prefix(std::min(text.find_first_not_of(kSpace), text.size()));
    return text;
}

std::string_view trim(std::string_view text) {
    text = trim_left(text);
    return text.substr(0, text.find_last_not_of(kSpace) + 1);
}

void set_text(Line& line, std::string_view text) {
    line.text = text;
    line.lower = lower_text(trim_left(text));
}

Lines split_lines(std::string_view text, std::size_t most, bool& cut) {
    Lines lines;
    for (std::size_t from = 0; from < text.size();) {
        if (lines.size() >= most) {
            cut = true;
            break;
        }
        const std::size_t end = std::min(text.find('\n', from), text.size());
        const std::string_view line = text.substr(from, end - from);
        lines.emplace_back();
        set_text(lines.back(), line.substr(0, line.find_last_not_of(kSpace) + 1));
        from = end + 1;
    }
    return lines;
}

std::string join_own(const Lines& lines) {
    std::string out;
    bool gap = false;
    for (const Line& line : lines) {
        if (!has_words(line)) {
            gap = gap || line.text.empty() || line.role == Role::Rule;
            continue;
        }
        if (!out.empty()) out += gap ? "\n\n" : "\n";
        gap = false;
        out.append(line.text);
    }
    return out;
}

bool any_own_before(const Lines& lines, std::size_t end) {
    return std::any_of(lines.begin(), lines.begin() + static_cast<std::ptrdiff_t>(end),
                       [](const Line& line) { return has_words(line) && !is_rule(line.text); });
}

std::size_t next_full(const Lines& lines, std::size_t from) {
    while (from < lines.size() && lines[from].text.empty()) ++from;
    return from;
}

void mark(Lines& lines, std::size_t from, std::size_t to, Role role) {
    for (; from < to && from < lines.size(); ++from) {
        if (is_own(lines[from])) lines[from].role = role;
    }
}

bool is_rule(std::string_view line) {
    const auto drawn = [](char c) {
        return std::string_view("-_=*~#+").find(c) != std::string_view::npos;
    };
    const auto allowed = [&](char c) {
        return drawn(c) || std::string_view(" \t<>").find(c) != std::string_view::npos;
    };
    return std::all_of(line.begin(), line.end(), allowed) &&
           std::count_if(line.begin(), line.end(), drawn) >= 3;
}

bool starts_with_any(std::string_view text, Words words) {
    return std::any_of(words.begin(), words.end(),
                       [&](std::string_view word) { return text.substr(0, word.size()) == word; });
}

bool ends_with_any(std::string_view text, Words words) {
    return std::any_of(words.begin(), words.end(), [&](std::string_view word) {
        return text.size() >= word.size() && text.substr(text.size() - word.size()) == word;
    });
}

int count_any(std::string_view text, Words words) {
    return static_cast<int>(std::count_if(words.begin(), words.end(), [&](std::string_view word) {
        return text.find(word) != std::string_view::npos;
    }));
}

bool contains_any(std::string_view text, Words words) {
    return std::any_of(words.begin(), words.end(), [&](std::string_view word) {
        return text.find(word) != std::string_view::npos;
    });
}

bool has_digit(std::string_view text) {
    return text.find_first_of("0123456789") != std::string_view::npos;
}

bool has_link(std::string_view lower) {
    return contains_any(lower, {"http://", "https://", "www.", "mailto:"});
}

bool has_address(std::string_view text) {
    for (std::size_t at = text.find('@'); at != std::string_view::npos;
         at = text.find('@', at + 1)) {
        const auto good = [](char c) {
            return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        };
        if (at > 0 && at + 1 < text.size() && good(text[at - 1]) && good(text[at + 1])) return true;
    }
    return false;
}

std::string lower_text(std::string_view text) {
    std::string out(text);
    bool ascii = true;
    for (char& c : out) {  // most text is nothing else
        c = static_cast<char>(c + (c >= 'A' && c <= 'Z' ? 32 : 0));
        ascii &= static_cast<unsigned char>(c) < 0x80;
    }
    if (!ascii) lower_others(out);
    return out;
}

std::string lower_joined(const Lines& lines, std::size_t from, std::size_t to) {
    std::string out;
    for (std::size_t i = from; i < to && i < lines.size(); ++i) {
        if (!out.empty()) out += ' ';
        out += lines[i].lower;
    }
    return out;
}

}  // namespace waypost::email
