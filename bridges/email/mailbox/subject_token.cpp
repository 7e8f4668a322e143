// SPDX-License-Identifier: Apache-2.0
#include "bridges/email/mailbox/subject_token.h"

#include <algorithm>

#include "gateway/message/text.h"

namespace waypost::email {
namespace {

constexpr std::string_view kAlphabet = "abcdefghijkmnpqrstuvwxyz23456789";  // no l, o, 0, 1
static_assert(kAlphabet.size() == 32);
constexpr std::size_t kLength = 8;
constexpr std::size_t kMost = 10;
constexpr std::string_view kOpen = "[#";

bool is_token(std::string_view text) {
    return text.size() == kLength && std::all_of(text.begin(), text.end(), [](char c) {
               return kAlphabet.find(c) != std::string_view::npos;
           });
}

}  // namespace

std::string make_subject_token(Random& random) {
    std::string token;
    for (std::size_t i = 0; i < kLength; ++i) token += kAlphabet[random.below(kAlphabet.size())];
    return token;
}

std::vector<std::string> subject_tokens(std::string_view subject) {
    std::vector<std::string> tokens;
    for (std::size_t at = subject.find(kOpen);
         at != std::string_view::npos && tokens.size() < kMost; at = subject.find(kOpen, at + 1)) {
        const std::size_t from = at + kOpen.size();
        std::string token = lower_ascii(subject.substr(from, kLength));
        const std::size_t close = from + kLength;
        if (close < subject.size() && subject[close] == ']' && is_token(token))
            tokens.push_back(std::move(token));
    }
    return tokens;
}

std::string with_subject_token(std::string_view subject, std::string_view token) {
    return std::string(subject) + (subject.empty() ? "" : " ") + std::string(kOpen) +
           std::string(token) + ']';
}

}  // namespace waypost::email
