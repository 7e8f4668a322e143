// SPDX-License-Identifier: Apache-2.0
#include "web/site/ranges.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string_view>

namespace waypost::site {
namespace {

std::optional<std::uint64_t> number(std::string_view text) {
    std::uint64_t value = 0;
    const char* end = text.data() + text.size();
    const auto [stopped, failed] = std::from_chars(text.data(), end, value);
    if (failed != std::errc() || stopped != end) return std::nullopt;
    return value;
}

ByteRange last_bytes(std::uint64_t most, std::uint64_t size) {
    const std::uint64_t bytes = std::min(most, size);
    if (bytes == 0) return {ByteRange::Kind::Outside, 0, 0};
    return {ByteRange::Kind::Part, size - bytes, bytes};
}

}  // namespace

ByteRange range_of(const std::string& header, std::uint64_t size) {
    const ByteRange whole{ByteRange::Kind::Whole, 0, size};
    constexpr std::string_view kUnit = "bytes=";
    const std::string_view all = header;
    const std::size_t dash = all.find('-');
    if (all.substr(0, kUnit.size()) != kUnit || dash == std::string_view::npos) return whole;
    const std::string_view first = all.substr(kUnit.size(), dash - kUnit.size());
    const std::string_view last = all.substr(dash + 1);
    if (first.empty()) {
        const auto most = number(last);
        return most ? last_bytes(*most, size) : whole;
    }
    const auto from = number(first);
    const auto to = last.empty() ? std::optional(UINT64_MAX) : number(last);
    if (!from || !to || *to < *from) return whole;
    if (*from >= size) return {ByteRange::Kind::Outside, 0, 0};
    return {ByteRange::Kind::Part, *from, std::min(*to, size - 1) - *from + 1};
}

}  // namespace waypost::site
