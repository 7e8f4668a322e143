// SPDX-License-Identifier: Apache-2.0
#include "gateway/message/unreadable.h"

namespace waypost {
namespace {

constexpr std::string_view kEncrypted = "[encrypted, cannot be read here]";
constexpr std::string_view kMailOf = "[mail of ";
constexpr std::string_view kTooLarge = ", too large here]";
constexpr std::size_t kMostSize = 8;

}  // namespace

std::string text_of(Unreadable what, const std::string& size) {
    if (what == Unreadable::Encrypted) return std::string(kEncrypted);
    return std::string(kMailOf) + size + std::string(kTooLarge);
}

std::optional<UnreadableText> unreadable_of(std::string_view text) {
    if (text == kEncrypted) return UnreadableText{Unreadable::Encrypted, {}};
    if (text.size() <= kMailOf.size() + kTooLarge.size()) return std::nullopt;
    const std::size_t size = text.size() - kMailOf.size() - kTooLarge.size();
    if (size > kMostSize || text.substr(0, kMailOf.size()) != kMailOf ||
        text.substr(kMailOf.size() + size) != kTooLarge) {
        return std::nullopt;
    }
    return UnreadableText{Unreadable::TooLarge, std::string(text.substr(kMailOf.size(), size))};
}

}  // namespace waypost
