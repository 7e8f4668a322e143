// SPDX-License-Identifier: Apache-2.0
#include "gateway/conversation/asked_value.h"

#include <cstdlib>

#include "gateway/asked_values.h"
#include "gateway/base/local_time.h"
#include "gateway/commands/plain.h"

namespace waypost {
namespace {

constexpr std::size_t kMostWord = 16;
constexpr std::size_t kDate = 11;  // "2026-11-27 "

// The hour alone of what is of today.
std::string when(std::int64_t wall_ms, std::int64_t now_ms) {
    const std::string then = local_date_time(wall_ms);
    return then.substr(0, kDate) == local_date_time(now_ms).substr(0, kDate) ? then.substr(kDate)
                                                                             : then;
}

}  // namespace

std::optional<std::string> asked_value(Line& line, const std::string& word) {
    if (word.empty() || word.size() > kMostWord) return std::nullopt;
    const auto known = line.ledger.tables().state.get(kAskedValues, word);
    if (!known) return std::nullopt;
    const std::size_t space = known->find(' ');
    if (space == std::string::npos) return std::nullopt;
    const std::int64_t at = std::strtoll(known->c_str(), nullptr, 10);
    return word + ": " + known->substr(space + 1) + " (" + when(at, line.ledger.now()) + ')';
}

std::optional<std::string> asked_value_in(Line& line, const std::string& typed) {
    std::string word = fold(make_plain(typed));
    if (word.size() < 2 || word.back() != '?') return std::nullopt;
    word.pop_back();
    if (!word.empty() && word.back() == ' ') word.pop_back();
    if (word.find(' ') != std::string::npos) return std::nullopt;
    return asked_value(line, word);
}

}  // namespace waypost
