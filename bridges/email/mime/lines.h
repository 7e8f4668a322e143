// SPDX-License-Identifier: Apache-2.0
// A mail's text as lines, and what each of them was found to be. The rules in the files beside this
// one look for one thing each and mark it; own_words.cpp runs them and joins what nobody marked.
#pragma once

#include <cstddef>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace waypost::email {

enum class Role : unsigned char {
    Own,
    Quote,        // marked as somebody else's words
    Attribution,  // introduces a quote
    OldMail,      // the mail that this one answers or forwards, or its header block
    Signature,
    Footer,  // added by a list, a provider or a telephone
    Guess,   // looks like a disclaimer, a notice or a card; given back if nothing else is left
    Rule,    // drawn, not written
};

struct Line {
    std::string_view text;  // of the text that was split, without white space at its end
    Role role = Role::Own;
    std::string lower;  // the same in small letters, without white space at its beginning either
};
using Lines = std::vector<Line>;
void set_text(Line& line, std::string_view text);

// At most `most` lines; `cut` says that there were more.
Lines split_lines(std::string_view text, std::size_t most, bool& cut);
// The own ones, with no blank line at the ends and no two in a row.
std::string join_own(const Lines& lines);

inline bool is_own(const Line& line) { return line.role == Role::Own; }
inline bool has_words(const Line& line) { return is_own(line) && !line.text.empty(); }
bool any_own_before(const Lines& lines, std::size_t end);
// The first line at or after `from` that is not empty; the size if there is none.
std::size_t next_full(const Lines& lines, std::size_t from);
void mark(Lines& lines, std::size_t from, std::size_t to, Role role);  // what is own in [from, to)

std::string_view trim_left(std::string_view text);
std::string_view trim(std::string_view text);
// At least three of - _ = * ~ # + and nothing else but spaces and < >.
bool is_rule(std::string_view line);

// `text` is in lower case; so are the words.
using Words = std::initializer_list<std::string_view>;
bool starts_with_any(std::string_view text, Words words);
bool ends_with_any(std::string_view text, Words words);
int count_any(std::string_view text, Words words);  // how many of the words are in it
bool contains_any(std::string_view text, Words words);
bool has_digit(std::string_view text);
bool has_link(std::string_view lower);    // a web address
bool has_address(std::string_view text);  // a mail address

// A-Z and the capitals of Latin-1, Greek and Cyrillic become small.
std::string lower_text(std::string_view text);
// Of the lines in [from, to), one space between them.
std::string lower_joined(const Lines& lines, std::size_t from, std::size_t to);

}  // namespace waypost::email
