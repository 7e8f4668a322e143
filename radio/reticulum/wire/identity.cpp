// SPDX-License-Identifier: Apache-2.0
#include "radio/reticulum/wire/identity.h"

#include <utility>

#include "radio/reticulum/wire/crypto.h"

namespace waypost::reticulum {
namespace {

std::string public_half(std::string_view keys) {
    return x25519_public(keys.substr(0, kKey)) + ed25519_public(keys.substr(kKey));
}

}  // namespace

PublicIdentity::PublicIdentity(std::string bytes)
    : bytes_(std::move(bytes)), hash_(short_hash16(bytes_)) {}

Result<PublicIdentity> PublicIdentity::from_bytes(std::string_view bytes) {
    if (bytes.size() != kIdentity) return bad_input("a Reticulum identity's keys are 64 bytes");
    return PublicIdentity(std::string(bytes));
}

bool PublicIdentity::verify(std::string_view message, std::string_view signature) const {
    return ed25519_verify(signing_key(), message, signature);
}

Identity::Identity(Secret keys, PublicIdentity shown)
    : keys_(std::move(keys)), shown_(std::move(shown)) {}

Result<Identity> Identity::from_bytes(std::string_view bytes) {
    if (bytes.size() != kIdentity)
        return bad_input("a Reticulum identity's private keys are 64 bytes");
    auto shown = PublicIdentity::from_bytes(public_half(bytes));
    if (!shown.ok()) return shown.error();
    return Identity(Secret(std::string(bytes)), std::move(shown).value());
}

Identity Identity::generate(Random& random) {
    const Secret keys(random_bytes(random, kIdentity));
    return from_bytes(keys.reveal()).value();
}

std::string Identity::sign(std::string_view message) const {
    return ed25519_sign(signing_key(), message);
}

std::string name_hash(std::string_view name) { return sha256(name).substr(0, kNameHash); }

std::string destination_hash(std::string_view name_hash, std::string_view identity_hash) {
    return short_hash16(std::string(name_hash).append(identity_hash));
}

std::string destination_of(std::string_view name, const PublicIdentity& identity) {
    return destination_hash(name_hash(name), identity.hash());
}

}  // namespace waypost::reticulum
