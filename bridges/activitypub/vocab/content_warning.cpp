// SPDX-License-Identifier: Apache-2.0
#include "bridges/activitypub/vocab/content_warning.h"

#include <algorithm>

#include "gateway/message/text.h"

namespace waypost::activitypub {
namespace {

constexpr std::string_view kMark = "cw:";
constexpr std::size_t kMostBytes = 100;

}  // namespace

Warned split_warning(std::string_view text) {
    const Warned none{{}, std::string(text)};
    if (lower_ascii(text.substr(0, kMark.size())) != kMark) return none;
    const std::string_view behind = text.substr(kMark.size());
    const std::size_t end = std::min(behind.find(". "), behind.find('\n'));
    if (end == std::string_view::npos) return none;
    const std::string warning = squeeze(behind.substr(0, end));
    std::string_view rest = behind.substr(end + 1);
    rest.remove_prefix(std::min(rest.find_first_not_of(" \n"), rest.size()));
    if (warning.empty() || warning.size() > kMostBytes || is_blank(rest)) return none;
    return {warning, std::string(rest)};
}

}  // namespace waypost::activitypub
