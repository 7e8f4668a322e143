// SPDX-License-Identifier: Apache-2.0
#include "script.h"

#include <fstream>
#include <sstream>
#include <stdexcept>

namespace waypost::talk {
namespace {

constexpr char kAnything[] = "...";

std::vector<std::string> words_of(const std::string& text) {
    std::istringstream in(text);
    std::vector<std::string> words;
    for (std::string word; in >> word;) words.push_back(word);
    return words;
}

Step step_of(const std::string& line, int number) {
    Step step;
    step.line = number;
    step.whole = line;
    const std::size_t colon = line.find(':');
    step.colon = colon != std::string::npos;
    step.words = words_of(line.substr(0, colon));
    if (!step.colon) return step;
    const std::size_t text = line.find_first_not_of(' ', colon + 1);
    if (text != std::string::npos) step.text = line.substr(text);
    return step;
}

}  // namespace

std::vector<Step> read_talk(const std::string& file) {
    std::ifstream in(file);
    if (!in) throw std::runtime_error("cannot read " + file);
    std::vector<Step> steps;
    int number = 0;
    for (std::string line; std::getline(in, line);) {
        ++number;
        line.erase(line.find_last_not_of(" \t\r") + 1);
        if (!line.empty() && line.front() != '#') steps.push_back(step_of(line, number));
    }
    return steps;
}

bool matches(const std::string& text, const std::string& pattern) {
    const std::size_t gap = pattern.find(kAnything);
    if (gap == std::string::npos) return text == pattern;
    if (text.compare(0, gap, pattern, 0, gap) != 0) return false;
    const std::string rest = pattern.substr(gap + sizeof kAnything - 1);
    for (std::size_t at = gap; at <= text.size(); ++at) {
        if (matches(text.substr(at), rest)) return true;
    }
    return false;
}

std::string on_one_line(const std::string& text) {
    std::string out;
    for (const char c : text) out += c == '\n' ? std::string(" | ") : std::string(1, c);
    return out;
}

}  // namespace waypost::talk
