// SPDX-License-Identifier: Apache-2.0
// What is encrypted: IV (16), AES-256-CBC with PKCS #7 padding, HMAC-SHA256 (32) over both. To an
// identity with an ephemeral key before it, on a link without. SPEC.md section 3. Pure.
#pragma once

#include <string>
#include <string_view>

#include "gateway/base/random.h"
#include "gateway/base/result.h"
#include "radio/reticulum/wire/identity.h"
#include "radio/reticulum/wire/sizes.h"

namespace waypost::reticulum {

// `keys`: kTokenKeys bytes (another length throws std::logic_error). A Resource is one token of its
// whole; the bound on it is the caller's.
std::string seal_token(std::string_view keys, std::string_view plain, std::string_view iv);
// BadInput: cut, changed, or under other keys. Nothing is decrypted before the HMAC is right.
Result<std::string> open_token(std::string_view keys, std::string_view token);
std::size_t token_size(std::size_t plain);  // of iv, cipher and HMAC

// For one packet, to `to`; `ratchet`: the key of its last announce, or empty. BadInput: `to` or the
// ratchet is no key. The result is kKey + token_size(plain) bytes.
Result<std::string> encrypt_to(const PublicIdentity& to, std::string_view ratchet,
                               std::string_view plain, Random& random);
// The same with what is otherwise chance: a private X25519 key that is used once, and an IV of 16.
Result<std::string> encrypt_with(const PublicIdentity& to, std::string_view ratchet,
                                 std::string_view plain, std::string_view ephemeral,
                                 std::string_view iv);
// What somebody encrypted to our identity's own key.
Result<std::string> decrypt_own(const Identity& own, std::string_view bytes);

}  // namespace waypost::reticulum
