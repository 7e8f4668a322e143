// SPDX-License-Identifier: Apache-2.0
#include "bridges/email/direct/sts_policy.h"

#include <algorithm>

#include "gateway/message/text.h"

namespace waypost::email {
namespace {

constexpr std::size_t kMostId = 32;            // RFC 8461 3.1
constexpr std::int64_t kMostAge = 31'557'600;  // 3.2: a year
constexpr std::size_t kMostMxName = 255;

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r'; }

std::string_view trim(std::string_view text) {
    while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
    while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
    return text;
}

bool alphanumeric(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// The next part of `text` up to `end`, which is taken off.
std::string_view take(std::string_view& text, char end) {
    const std::size_t at = std::min(text.find(end), text.size());
    const std::string_view part = text.substr(0, at);
    text.remove_prefix(std::min(at + 1, text.size()));
    return part;
}

bool host_pattern(std::string_view text) {
    if (text.rfind("*.", 0) == 0) text.remove_prefix(2);
    return !text.empty() && text.size() <= kMostMxName &&
           std::all_of(text.begin(), text.end(),
                       [](char c) { return alphanumeric(c) || c == '-' || c == '.'; });
}

std::optional<std::int64_t> number(std::string_view text) {
    if (text.empty() || text.size() > 10) return std::nullopt;
    std::int64_t value = 0;
    for (const char c : text) {
        if (c < '0' || c > '9') return std::nullopt;
        value = value * 10 + (c - '0');
    }
    return value;
}

std::optional<StsPolicy::Mode> mode_of(std::string_view text) {
    if (text == "enforce") return StsPolicy::Mode::Enforce;
    if (text == "testing") return StsPolicy::Mode::Testing;
    if (text == "none") return StsPolicy::Mode::None;
    return std::nullopt;
}

// Which keys came; each but mx counts the first time only (3.2).
struct Seen {
    bool version = false;
    bool mode = false;
    bool age = false;
};

Result<void> take_field(std::string_view key, std::string_view value, StsPolicy& policy,
                        Seen& seen) {
    if (key == "version" && !seen.version) {
        if (value != "STSv1") return bad_input("the policy's version is not STSv1");
        seen.version = true;
    } else if (key == "mode" && !seen.mode) {
        const auto mode = mode_of(value);
        if (!mode) return bad_input("the policy's mode is not known");
        policy.mode = *mode;
        seen.mode = true;
    } else if (key == "max_age" && !seen.age) {
        const auto age = number(value);
        if (!age) return bad_input("the policy's max_age is no number");
        policy.max_age = std::chrono::seconds(std::min(*age, kMostAge));
        seen.age = true;
    } else if (key == "mx") {
        if (!host_pattern(value)) return bad_input("the policy names a host that is none");
        if (policy.mx.size() == kMostPatterns) return bad_input("the policy names too many hosts");
        policy.mx.push_back(lower_ascii(value));
    }
    return {};
}

}  // namespace

std::optional<std::string> sts_id(const std::vector<std::string>& txt) {
    std::optional<std::string> id;
    bool found = false;
    for (std::string_view record : txt) {
        const std::string_view version = take(record, ';');
        if (trim(version) != "v=STSv1") continue;
        if (std::exchange(found, true)) return std::nullopt;
        while (!record.empty()) {
            std::string_view value = trim(take(record, ';'));
            const std::string_view key = trim(take(value, '='));
            value = trim(value);
            if (key != "id" || id) continue;
            if (value.empty() || value.size() > kMostId ||
                !std::all_of(value.begin(), value.end(), alphanumeric)) {
                return std::nullopt;
            }
            id = std::string(value);
        }
    }
    return id;
}

Result<StsPolicy> parse_sts_policy(std::string_view text) {
    if (text.size() > kMostPolicyBytes) return bad_input("the policy is too large");
    StsPolicy policy;
    Seen seen;
    while (!text.empty()) {
        const std::string_view line = trim(take(text, '\n'));
        const std::size_t colon = line.find(':');
        if (colon == std::string_view::npos) continue;  // what is not known is passed over
        const auto taken =
            take_field(trim(line.substr(0, colon)), trim(line.substr(colon + 1)), policy, seen);
        if (!taken.ok()) return taken.error();
    }
    if (!seen.version || !seen.mode || !seen.age) return bad_input("the policy is not whole");
    if (policy.mode != StsPolicy::Mode::None && policy.mx.empty())
        return bad_input("the policy names no host");
    return policy;
}

std::string write_sts_policy(const StsPolicy& policy) {
    using Mode = StsPolicy::Mode;
    std::string text = "version: STSv1\nmode: ";
    text += policy.mode == Mode::Enforce   ? "enforce"
            : policy.mode == Mode::Testing ? "testing"
                                           : "none";
    for (const std::string& host : policy.mx) text += "\nmx: " + host;
    return text + "\nmax_age: " + std::to_string(policy.max_age.count()) + '\n';
}

bool sts_allows(const StsPolicy& policy, const std::string& host) {
    return std::any_of(policy.mx.begin(), policy.mx.end(), [&](const std::string& pattern) {
        if (pattern.rfind("*.", 0) != 0) return pattern == host;
        const std::size_t dot = host.find('.');
        return dot != std::string::npos && dot > 0 && host.substr(dot) == pattern.substr(1);
    });
}

}  // namespace waypost::email
