// SPDX-License-Identifier: Apache-2.0
// HTTP signatures as fediverse servers make and check them: the widespread draft
// (draft-cavage-http-signatures-12, RSA-SHA256) and RFC 9421 (rsa-v1_5-sha256, ed25519), with the
// digests of RFC 3230 and RFC 9530. Pure: keys and times are given. Any thread.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/result.h"

namespace waypost::activitypub {

// What is signed of a request. Header names in small letters.
struct SignedMessage {
    std::string_view method;  // "POST"
    std::string_view target;  // path with query, as in the request line
    std::string_view scheme = "https";
    std::multimap<std::string, std::string> headers;
    std::string_view body;
};

enum class Flavour { Cavage, Rfc9421 };

struct SignatureClaim {
    Flavour flavour = Flavour::Cavage;
    std::string key_id;
    std::string algorithm;  // as it says, may be empty; "hs2019" says nothing
    std::vector<std::string> covered;
    std::int64_t created = 0, expires = 0;  // Unix seconds; 0: not said
    std::string signature;                  // bytes
    // What was signed; a second text where a server may have left out the query.
    std::string base, base_without_query;
};

struct SignatureRules {
    std::string host;  // that the request must have been for
    std::int64_t now = 0;
    std::int64_t most_skew = 12 * 3600;  // seconds, both ways
    // Nobody vouches for `now`: then no time is checked, or a box that has just come up would
    // refuse everything. What comes again is known all the same, by what it brings.
    bool clock_doubted = false;
};

// Everything that can be checked without the key: it is for us, in time, covers what it must
// (method, target, host, date or created, and of a body its digest), and the digest fits the body.
// Errors are BadInput or Refused with a sentence for the other server.
Result<SignatureClaim> read_signature(const SignedMessage& message, const SignatureRules& rules);

// PEM (SPKI) of RSA with 2048 to 8192 bits, or a Multikey of Ed25519 ("z6Mk...").
bool verify(const SignatureClaim& claim, std::string_view public_key);

class SigningKey {
  public:
    static Result<SigningKey> make();                          // RSA-2048
    static Result<SigningKey> from_pem(std::string_view pem);  // PKCS#8
    std::string private_pem() const;
    std::string public_pem() const;  // SPKI
    // Headers to send beside Host: Date, Digest or Content-Digest, Signature ... `message` has Host
    // and Content-Type.
    std::map<std::string, std::string> sign(const SignedMessage& message, Flavour flavour,
                                            const std::string& key_id, std::int64_t now) const;

  private:
    struct Key;
    explicit SigningKey(std::shared_ptr<Key> key);
    std::shared_ptr<Key> key_;
};

}  // namespace waypost::activitypub
