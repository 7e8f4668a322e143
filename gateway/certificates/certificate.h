// SPDX-License-Identifier: Apache-2.0
// Certificates (X.509, RFC 5280) of the box's own servers: made, asked for, and looked at. All
// texts are PEM. Thread-safe.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/result.h"
#include "gateway/base/secret.h"

namespace waypost {

inline constexpr std::size_t kMostPemBytes = 256 * 1024;  // of a file with key and chain

struct CertificateFacts {
    std::vector<std::string> names;  // DNS names and addresses that it is for
    std::string issuer;              // its common name, else its organisation
    std::string fingerprint;         // SHA-256, "AB:CD:..."
    std::int64_t not_before_ms = 0;
    std::int64_t not_after_ms = 0;
};

struct KeyAnd {
    Secret key;
    std::string text;  // certificate or request
};

// A new P-256 key and a certificate by itself for these names and addresses, 820 days long (iOS
// takes none that lasts over 825).
Result<KeyAnd> make_certificate(const std::vector<std::string>& names,
                                const std::vector<std::string>& addresses);
// A new P-256 key and what an authority is asked with (PKCS #10, RFC 2986).
Result<KeyAnd> make_request(const std::vector<std::string>& names);

// Of the first one in it. BadInput: there is none.
Result<CertificateFacts> certificate_facts(std::string_view pem);
// Whole days; below zero: it ended that long ago.
int days_until(std::int64_t not_after_ms, std::int64_t now_ms);
// "village.example" is what a certificate for it or for "*.example" is for (RFC 6125 6.4.3).
bool is_for(const CertificateFacts& facts, const std::string& host);
// The first of these names that it is not for; null: it is for them all.
const std::string* lacked_name(const CertificateFacts& facts,
                               const std::vector<std::string>& names);

}  // namespace waypost
