// SPDX-License-Identifier: Apache-2.0
// A destination makes itself known: its keys, its name's hash, app data, signed. SPEC.md section 4.
// Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "gateway/base/random.h"
#include "gateway/base/result.h"
#include "radio/reticulum/wire/identity.h"
#include "radio/reticulum/wire/packet.h"

namespace waypost::reticulum {

struct Announce {
    std::string destination;  // kHash bytes
    PublicIdentity identity;
    std::string name_hash;    // kNameHash bytes: which kind of destination
    std::string random_hash;  // kRandomHash bytes: the same one twice is a repeat
    std::string ratchet;      // kKey bytes to encrypt single packets to, or empty
    std::string app_data;     // at most what fits, may be empty
    bool path_response = false;

    // Unix seconds by the sender's clock, which may be wrong; some programs put chance here.
    std::uint64_t emitted() const;
};

// Refuses what is not whole, not signed by the keys in it, or of another destination than theirs.
Result<Announce> validate_announce(const Packet& packet);

struct AnnounceParts {
    std::string name;         // "lxmf.delivery"
    std::string random_hash;  // by announce_random_hash
    std::string app_data;
    std::string ratchet;  // a public key, or empty
    bool path_response = false;
};
// BadInput: a part of a wrong length. TooLarge: app data over kMtu with the rest.
Result<Packet> build_announce(const Identity& own, const AnnounceParts& parts);
// Never the same twice. `unix_seconds` must not go back from one announce to the next.
std::string announce_random_hash(Random& random, std::uint64_t unix_seconds);

}  // namespace waypost::reticulum
