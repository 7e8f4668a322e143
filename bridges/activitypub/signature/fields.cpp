// SPDX-License-Identifier: Apache-2.0
#include "bridges/activitypub/signature/fields.h"

#include <algorithm>

#include "gateway/message/text.h"

namespace waypost::activitypub {

bool has_field(const SignedMessage& message, const std::string& name) {
    return message.headers.count(name) > 0;
}

Result<std::string_view> one_field(const SignedMessage& message, const std::string& name) {
    const auto [first, end] = message.headers.equal_range(name);
    if (first == end) return bad_input("the header " + one_line(name, 40) + " is missing");
    if (std::next(first) != end)
        return bad_input("the header " + one_line(name, 40) + " stands there twice");
    const std::string_view value = first->second;
    if (value.size() > kMostFieldBytes)
        return bad_input("the header " + one_line(name, 40) + " is too long");
    const bool line = std::none_of(value.begin(), value.end(), [](char c) {
        return (c >= 0 && c < ' ' && c != '\t') || c == '\x7f';
    });
    if (!line) return bad_input("the header " + one_line(name, 40) + " is no line of text");
    return trim_spaces(value);
}

std::string_view trim_spaces(std::string_view text) {
    const std::size_t first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t") + 1 - first);
}

std::string plain_authority(std::string_view host, std::string_view scheme) {
    std::string plain = lower_ascii(host);
    const std::string_view port = scheme == "http" ? ":80" : ":443";
    if (plain.size() > port.size() && std::string_view(plain).ends_with(port))
        plain.resize(plain.size() - port.size());
    return plain;
}

std::string_view path_of(std::string_view target) { return target.substr(0, target.find('?')); }

}  // namespace waypost::activitypub
