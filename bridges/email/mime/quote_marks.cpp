// SPDX-License-Identifier: Apache-2.0
#include "bridges/email/mime/quote_marks.h"

#include <algorithm>
#include <map>

#include "bridges/email/mime/attribution.h"

namespace waypost::email {
namespace {

constexpr std::size_t kMostIndent = 4;
constexpr std::size_t kLongestInitials = 12;
constexpr std::size_t kShortInitials = 4;
constexpr std::size_t kLongestMark = 3;
constexpr std::string_view kOddMarks = "|:}%#])-";
constexpr std::size_t kBroken = 60;     // a quoted line of this length may have been broken
constexpr std::size_t kBrokenOff = 32;  // and what was broken off is no longer than this

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

bool arrow(std::string_view line) {
    const std::string_view text = trim_left(line);
    return line.size() - text.size() <= kMostIndent && !text.empty() && text[0] == '>';
}

// "ALB" of "ALB> text" or ">>ALB> text", as SuperCite and The Bat! write; empty if there are none.
std::string_view initials(std::string_view line) {
    if (line.find('>') == std::string_view::npos) return {};
    std::string_view text = trim_left(line);
    text.remove_prefix(std::min(text.find_first_not_of('>'), text.size()));
    std::size_t end = 0;
    while (end < text.size() && (is_letter(text[end]) || text[end] == '&')) ++end;
    if (end == 0 || end > kLongestInitials || end >= text.size() || text[end] != '>') return {};
    const std::size_t after = text.find_first_not_of('>', end);
    if (after != std::string_view::npos && text[after] != ' ') return {};
    return text.substr(0, end);
}

// What people type at looks like initials.
bool is_prompt(std::string_view name) {
    const std::string lower = lower_text(name);
    for (const char* prompt : {"ftp", "sql", "mysql", "psql", "gdb", "irb", "php", "perl", "bash",
                               "telnet", "sftp", "ldap", "c", "d", "br", "p"}) {
        if (lower == prompt) return true;
    }
    return false;
}

bool may_be_initials(std::string_view name) {
    if (name.empty() || is_prompt(name)) return false;
    return name.size() <= kShortInitials || (name[0] >= 'A' && name[0] <= 'Z');
}

void mark_initials(Lines& lines) {
    std::map<std::string_view, int> seen;
    for (const Line& line : lines) {
        const std::string_view name = initials(line.text);
        if (may_be_initials(name)) ++seen[name];
    }
    for (Line& line : lines) {
        const auto found = seen.find(initials(line.text));
        if (found != seen.end() && found->second >= 2) line.role = Role::Quote;
    }
}

// Other marks quote only where something says that a quote follows: tables, lists and code have
// them too. Empty if the line begins with none.
std::string_view odd_mark(std::string_view line) {
    const std::string_view text = trim_left(line);
    if (text.empty() || line.size() - text.size() > kMostIndent) return {};
    std::size_t end = 0;
    while (end < text.size() && kOddMarks.find(text[end]) != std::string_view::npos) ++end;
    if (end == 0 || end > kLongestMark) return {};
    const std::string_view mark = text.substr(0, end);
    return mark.find_first_of("|:}%#])") == std::string_view::npos ? std::string_view() : mark;
}

void mark_odd(Lines& lines) {
    std::string_view quoting;  // the mark that quotes in this mail
    bool inside = false;       // the line before had it
    for (std::size_t i = 0; i < lines.size(); ++i) {
        const std::string_view mark = is_own(lines[i]) ? odd_mark(lines[i].text) : "";
        if (mark.empty()) {
            inside = inside && lines[i].text.empty();
            continue;
        }
        const bool table = trim_left(lines[i].text).size() > 1 && lines[i].text.back() == '|';
        if (quoting.empty() && !table && attribution_begins(lines, i) < i) quoting = mark;
        inside = mark == quoting;
        if (inside) lines[i].role = Role::Quote;
    }
}

void mark_broken_ends(Lines& lines) {
    for (std::size_t i = 1; i + 1 < lines.size(); ++i) {
        if (!has_words(lines[i]) || lines[i].text.size() > kBrokenOff) continue;
        if (lines[i - 1].role == Role::Quote && lines[i - 1].text.size() >= kBroken &&
            lines[i + 1].role == Role::Quote && !trim_left(lines[i + 1].text).empty()) {
            lines[i].role = Role::Quote;
        }
    }
}

}  // namespace

void mark_quotes(Lines& lines) {
    for (Line& line : lines) {
        if (is_own(line) && arrow(line.text)) line.role = Role::Quote;
    }
    mark_initials(lines);
    mark_odd(lines);
    mark_broken_ends(lines);
}

}  // namespace waypost::email
