// SPDX-License-Identifier: Apache-2.0
// OpenPGP keys (RFC 4880, Ed25519 and X25519) as bytes. A certificate is a public key in the
// smallest form that Autocrypt wants (Autocrypt Level 1, "OpenPGP Based key data"): primary key,
// one user id, one subkey that encrypts, and their signatures. Thread-safe.
#pragma once

#include <string>
#include <string_view>

#include "gateway/base/result.h"
#include "gateway/base/secret.h"

namespace waypost::email::openpgp {

constexpr std::size_t kMostCertificateBytes = 16 * 1024;

struct Certificate {
    std::string bytes;
    std::string fingerprint;  // of the primary key, upper-case hex
};

struct OwnKey {
    Secret secret;  // primary key and subkey, without a password
    Certificate certificate;
    std::string encryption_id;  // key id of the subkey that opens, 8 bytes
};

// For an address of ours. It does not expire: who rotates a key loses everybody who scanned it.
Result<OwnKey> make_key(const std::string& address);
Result<OwnKey> load_key(Secret secret);

// Somebody's public key from outside, in any form up to kMostCertificateBytes. An Error unless it
// is exactly one key that is valid, can sign, and can be encrypted to.
Result<Certificate> read_certificate(std::string_view bytes);

}  // namespace waypost::email::openpgp
