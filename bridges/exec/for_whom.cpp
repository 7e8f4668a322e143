// SPDX-License-Identifier: Apache-2.0
#include "bridges/exec/for_whom.h"

#include "gateway/message/text.h"

namespace waypost::exec {
namespace {

constexpr std::size_t kLongestHandle = 40;

// "@ana hello": ana, and the text is "hello".
std::string take_name(std::string& text) {
    const std::size_t first = text.find_first_not_of(" \t\r\n");
    if (first == std::string::npos || text[first] != '@') return {};
    const std::size_t end = std::min(text.find_first_of(" \t\r\n", first), text.size());
    std::string name = lower_ascii(std::string_view(text).substr(first + 1, end - first - 1));
    while (!name.empty() && (name.back() == ':' || name.back() == ',')) name.pop_back();
    if (name.empty() || name.size() > kLongestHandle ||
        name.find_first_of("@:/") != std::string::npos)
        return {};
    const std::size_t rest = text.find_first_not_of(" \t\r\n", end);
    if (rest == std::string::npos) return {};
    text.erase(0, rest);
    return name;
}

}  // namespace

std::string for_whom(Talks& talks, const Address& outsider, std::string& text, WallTime now) {
    std::string named = take_name(text);
    return named.empty() ? talks.last(outsider, now) : named;
}

}  // namespace waypost::exec
