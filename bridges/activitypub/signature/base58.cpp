// SPDX-License-Identifier: Apache-2.0
#include "bridges/activitypub/signature/base58.h"

#include <algorithm>

namespace waypost::activitypub {
namespace {

constexpr std::string_view kLetters = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
constexpr std::size_t kMostLetters = 128;  // the work grows with their square

}  // namespace

std::optional<std::string> from_base58(std::string_view text) {
    if (text.size() > kMostLetters) return std::nullopt;
    std::string number;  // the lowest byte first
    for (const char letter : text) {
        const std::size_t value = kLetters.find(letter);
        if (value == std::string_view::npos) return std::nullopt;
        auto carry = static_cast<unsigned>(value);
        for (char& byte : number) {
            carry += 58u * static_cast<unsigned char>(byte);
            byte = static_cast<char>(carry & 0xff);
            carry >>= 8;
        }
        if (carry > 0) number += static_cast<char>(carry);
    }
    // Each leading "1" is a byte of zero.
    number.append(std::min(text.find_first_not_of('1'), text.size()), '\0');
    std::reverse(number.begin(), number.end());
    return number;
}

}  // namespace waypost::activitypub
