// SPDX-License-Identifier: Apache-2.0
#include "bridges/nncp/node/key_checks.h"

#include <sodium.h>

#include <algorithm>

namespace waypost::nncp {
namespace {

bool belongs(const Secret& secret, const Hash32& expected) {
    Hash32 made{};
    const auto bytes = reinterpret_cast<const unsigned char*>(secret.reveal().data());
    return crypto_scalarmult_base(made.data(), bytes) == 0 && made == expected;
}

// libsodium keeps the public key behind the seed.
bool signs_as(const Secret& secret, const Hash32& expected) {
    Hash32 made{};
    std::array<unsigned char, crypto_sign_SECRETKEYBYTES> whole{};
    const auto bytes = reinterpret_cast<const unsigned char*>(secret.reveal().data());
    crypto_sign_seed_keypair(made.data(), whole.data(), bytes);
    const bool same = made == expected && std::equal(whole.begin(), whole.end(), bytes);
    sodium_memzero(whole.data(), whole.size());
    return same;
}

}  // namespace

Hash32 hash_of_key(const Hash32& public_key) { return blake2b(bytes_of(public_key)); }

std::string contradiction(const OwnKeys& keys) {
    if (hash_of_key(keys.signing_public) != keys.id) return "id does not belong to signpub";
    if (!signs_as(keys.signing, keys.signing_public)) return "signprv does not belong to signpub";
    if (!belongs(keys.exchange, keys.exchange_public)) return "exchprv does not belong to exchpub";
    if (!keys.noise.empty() && !belongs(keys.noise, keys.noise_public))
        return "noiseprv does not belong to noisepub";
    return {};
}

std::string contradiction(const Node& node) {
    return hash_of_key(node.signing_public) == node.id ? "" : "id does not belong to signpub";
}

std::string contradiction(const Area& area) {
    if (!area.exchange_public) return area.exchange ? "prv is there, and pub is missing" : "";
    if (hash_of_key(*area.exchange_public) != area.id) return "id does not belong to pub";
    if (area.exchange && !belongs(*area.exchange, *area.exchange_public))
        return "prv does not belong to pub";
    return {};
}

}  // namespace waypost::nncp
