// SPDX-License-Identifier: Apache-2.0
// MTA-STS (RFC 8461): what a domain says about TLS to its mail hosts. Text in, values out.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/result.h"

namespace waypost::email {

struct StsPolicy {
    enum class Mode { None, Testing, Enforce };
    Mode mode = Mode::None;
    std::vector<std::string> mx;  // patterns, lower case: "mail.example.org", "*.example.net"
    std::chrono::seconds max_age{0};
    friend bool operator==(const StsPolicy&, const StsPolicy&) = default;
};

constexpr std::size_t kMostPolicyBytes = 64 * 1024;  // RFC 8461 3.3
constexpr std::size_t kMostPatterns = 200;

// The id of the one record of MTA-STS among the TXT records of _mta-sts.DOMAIN (3.1). Nullopt: the
// domain has no policy now; two records count as none.
std::optional<std::string> sts_id(const std::vector<std::string>& txt);

// The text at https://mta-sts.DOMAIN/.well-known/mta-sts.txt (3.2). BadInput: it counts as none.
Result<StsPolicy> parse_sts_policy(std::string_view text);

// As it is stored: parse_sts_policy(write_sts_policy(p)) is p.
std::string write_sts_policy(const StsPolicy& policy);

// Whether a host (lower case) may take the domain's mail (4.1): "*" stands for exactly one label.
bool sts_allows(const StsPolicy& policy, const std::string& host);

}  // namespace waypost::email
