// SPDX-License-Identifier: Apache-2.0
// The functions Reticulum is built from, by libsodium; HKDF is RFC 5869 with SHA-256 and no info.
// Pure.
#pragma once

#include <string>
#include <string_view>

#include "gateway/base/random.h"
#include "gateway/base/result.h"
#include "gateway/base/secret.h"
#include "radio/reticulum/wire/sizes.h"

namespace waypost::reticulum {

std::string random_bytes(Random& random, std::size_t count);

std::string sha256(std::string_view bytes);        // kFullHash bytes
std::string short_hash16(std::string_view bytes);  // the first kHash of them

std::string hmac_sha256(std::string_view key, std::string_view bytes);  // 32 bytes
Secret hkdf(std::string_view secret, std::string_view salt, std::size_t count);

std::string x25519_public(std::string_view private_key);
// BadInput: no key to agree with (wrong length, or a point of small order).
Result<Secret> x25519(std::string_view private_key, std::string_view peer_public);

std::string ed25519_public(std::string_view private_key);
std::string ed25519_sign(std::string_view private_key, std::string_view message);
bool ed25519_verify(std::string_view public_key, std::string_view message,
                    std::string_view signature);

}  // namespace waypost::reticulum
