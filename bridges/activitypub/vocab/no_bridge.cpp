// SPDX-License-Identifier: Apache-2.0
#include "bridges/activitypub/vocab/no_bridge.h"

#include <string>

#include "bridges/html/html_text.h"
#include "gateway/message/text.h"

namespace waypost::activitypub {
namespace {

constexpr std::size_t kProfileBytes = 64 * 1024;  // of which the hashtags count

}  // namespace

bool has_no_bridge(std::string_view text) {
    constexpr std::string_view kTag = "#nobridge";
    const std::string lower = lower_ascii(text);
    for (std::size_t at = lower.find(kTag); at != std::string::npos;
         at = lower.find(kTag, at + 1)) {
        const std::size_t end = at + kTag.size();
        const char next = end < lower.size() ? lower[end] : ' ';
        const bool goes_on = (next >= 'a' && next <= 'z') || (next >= '0' && next <= '9') ||
                             next == '_' || static_cast<unsigned char>(next) >= 0x80;
        if (!goes_on) return true;
    }
    return false;
}

bool html_has_no_bridge(std::string_view html) {
    HtmlPostOptions options;
    options.most = kProfileBytes;
    return has_no_bridge(html_post_to_text(html, options));
}

}  // namespace waypost::activitypub
