// SPDX-License-Identifier: Apache-2.0
// Who somebody is: an X25519 key to encrypt to and an Ed25519 key to verify with. SPEC.md
// section 1. Values; the private one is wiped when it goes.
#pragma once

#include <string>
#include <string_view>

#include "gateway/base/random.h"
#include "gateway/base/result.h"
#include "gateway/base/secret.h"
#include "radio/reticulum/wire/sizes.h"

namespace waypost::reticulum {

class PublicIdentity {
  public:
    static Result<PublicIdentity> from_bytes(std::string_view bytes);  // kIdentity of them

    const std::string& bytes() const { return bytes_; }
    const std::string& hash() const { return hash_; }  // kHash bytes
    std::string_view encryption_key() const { return std::string_view(bytes_).substr(0, kKey); }
    std::string_view signing_key() const { return std::string_view(bytes_).substr(kKey); }
    bool verify(std::string_view message, std::string_view signature) const;

  private:
    explicit PublicIdentity(std::string bytes);
    std::string bytes_;
    std::string hash_;
};

// Moves, does not copy.
class Identity {
  public:
    static Identity generate(Random& random);
    // As the reference program's identity files have them: kIdentity bytes, X25519 key first.
    static Result<Identity> from_bytes(std::string_view bytes);
    std::string_view reveal() const { return keys_.reveal(); }

    const PublicIdentity& shown() const { return shown_; }
    const std::string& hash() const { return shown_.hash(); }
    std::string sign(std::string_view message) const;  // kSignature bytes
    std::string_view encryption_key() const { return reveal().substr(0, kKey); }
    std::string_view signing_key() const { return reveal().substr(kKey); }

  private:
    Identity(Secret keys, PublicIdentity shown);
    Secret keys_;
    PublicIdentity shown_;
};

// `name`: "lxmf.delivery", without anything of an identity.
std::string name_hash(std::string_view name);  // kNameHash bytes
// kHash bytes. `name_hash` and the hash of the identity; an empty one: a plain destination.
std::string destination_hash(std::string_view name_hash, std::string_view identity_hash);
// The same from the name itself.
std::string destination_of(std::string_view name, const PublicIdentity& identity);

}  // namespace waypost::reticulum
