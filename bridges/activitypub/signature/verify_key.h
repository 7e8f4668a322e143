// SPDX-License-Identifier: Apache-2.0
// Keys that others sign with, as they publish them. Thread-safe.
#pragma once

#include <openssl/types.h>

#include <memory>
#include <string_view>

namespace waypost::activitypub {

enum class KeyKind { Rsa, Ed25519 };

struct VerifyKey {
    KeyKind kind;
    std::shared_ptr<EVP_PKEY> key;
};

// PEM (SPKI, or PKCS #1 of RSA) of RSA with 2048 to 8192 bits, or a Multikey of Ed25519
// ("z6Mk..."). The key is null where it is none of these. The last few hundred stay parsed: that
// takes longer than a check.
VerifyKey parse_verify_key(std::string_view text);

// RSASSA-PKCS1-v1_5 with SHA-256 (RFC 8017 section 8.2), Ed25519 (RFC 8032).
bool is_signed(const VerifyKey& key, std::string_view text, std::string_view signature);

}  // namespace waypost::activitypub
