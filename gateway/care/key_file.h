// SPDX-License-Identifier: Apache-2.0
// An operator's secret key on his own machine: a file of mode 0600 that also counts what was
// signed. With a passphrase the key in it is sealed (Argon2id and XSalsa20-Poly1305 of libsodium).
// Of two copies of one file only one may sign: their numbers would overtake each other.
#pragma once

#include <string>

#include "gateway/base/clock.h"
#include "gateway/base/random.h"
#include "gateway/care/packet.h"

namespace waypost::care {

// A new key in a file that is not there yet; its public key. `passphrase` empty: as it is.
Result<PublicKey> make_key_file(const std::string& path, const Secret& passphrase, Random& random);

struct Signed {
    std::string packet;
    std::uint64_t number = 0;
};
// The next packet of this key: its number is on disk before it is returned.
Result<Signed> sign_with_file(const std::string& path, const Secret& passphrase,
                              const std::string& box, const std::string& command,
                              std::uint16_t minutes, WallTime now);

}  // namespace waypost::care
