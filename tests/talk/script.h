// SPDX-License-Identifier: Apache-2.0
// A talk as a list of steps; README.md has the grammar.
#pragma once

#include <string>
#include <vector>

namespace waypost::talk {

struct Step {
    int line = 0;
    std::string whole;               // as written
    std::vector<std::string> words;  // before the colon
    std::string text;                // after it
    bool colon = false;
};

// Throws std::runtime_error if there is no such file.
std::vector<Step> read_talk(const std::string& file);

// "..." stands for anything, also nothing; all else is exact.
bool matches(const std::string& text, const std::string& pattern);

// A text of several lines as a talk writes it.
std::string on_one_line(const std::string& text);

}  // namespace waypost::talk
