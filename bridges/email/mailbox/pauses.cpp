// SPDX-License-Identifier: Apache-2.0
#include "bridges/email/mailbox/pauses.h"

#include <algorithm>
#include <array>

#include "gateway/message/text.h"

namespace waypost::email {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

struct Span {
    seconds first;
    seconds longest;
};

Span span_of(Code trouble) {
    switch (trouble) {
        case Code::Refused:
            return {minutes(10), hours(6)};
        case Code::Busy:
            return {minutes(2), hours(1)};
        case Code::Full:
            return {seconds(30), minutes(15)};
        default:
            return {seconds(1), minutes(15)};
    }
}

constexpr std::array<std::string_view, 13> kLater = {
    "[unavailable]", "[limit]",    "[inuse]",     "[overquota]", "[throttled]",
    "[sys/temp]",    "[in-use]",   "login-delay", "try again",   "too many",
    "temporar",      "rate limit", "exceeded"};

constexpr std::size_t kWords = 160;

}  // namespace

seconds Pauses::after(Code trouble) {
    const Span span = span_of(trouble);
    seconds& last = last_[trouble];
    last = std::clamp(last * 2, span.first, span.longest);
    return last;
}

Error refusal(std::string_view said, bool login) {
    const std::string words = one_line(clean_utf8(said), kWords);
    const std::string lower = lower_ascii(words);
    const bool later = std::any_of(kLater.begin(), kLater.end(), [&](std::string_view word) {
        return lower.find(word) != std::string::npos;
    });
    const std::string quoted = words.empty() ? std::string() : ": " + words;
    if (later)
        return {Code::Busy, "the provider wants to be left alone for a while" + quoted, true};
    if (login) return {Code::Refused, "the provider refused the password" + quoted, true};
    return {Code::Conflict, "the provider refused a command" + quoted, true};
}

}  // namespace waypost::email
