// SPDX-License-Identifier: Apache-2.0
#include "gateway/config/plain_words.h"

#include <algorithm>
#include <string_view>

namespace waypost {
namespace {

constexpr std::size_t kLongestHost = 253;  // without the dot at the end

bool letter_or_digit(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool made_of(const std::string& text, std::string_view signs) {
    return std::all_of(text.begin(), text.end(), [&](char c) {
        return letter_or_digit(c) || signs.find(c) != std::string_view::npos;
    });
}

}  // namespace

bool is_plain_path(const std::string& path) {
    return !path.empty() && path.front() == '/' && made_of(path, "/._-");
}

bool is_plain_host(const std::string& name) {
    return !name.empty() && name.size() <= kLongestHost && letter_or_digit(name.front()) &&
           made_of(name, ".-");
}

bool is_plain_name(const std::string& name) {
    return !name.empty() && letter_or_digit(name.front()) && made_of(name, "_-");
}

}  // namespace waypost
