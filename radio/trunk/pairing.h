// SPDX-License-Identifier: Apache-2.0
// The secret of a pair as people carry it from one box to the other, off the air: typed or
// scanned. 60 letters in 15 groups of 4, of Crockford's base32 (no I, L, O, U; read as 1, 1, 0 and
// refused): 32 bytes of key, one of link number, and 36 bits of check over both, so that nearly
// any mistake is found before a frame is sent: which group is wrong is not known.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "gateway/base/random.h"
#include "gateway/base/result.h"
#include "gateway/base/secret.h"

namespace waypost::trunk {

struct Pairing {
    Secret psk;  // kKey bytes
    std::uint8_t link = 0;
};

// Made by one side, which is the first in LinkSettings; who types it in is the second.
Pairing new_pairing(Random& random, std::uint8_t link);

// "7H3K-92MD-..." for paper. Without dashes it is a QR code of version 3 in alphanumeric mode (M).
std::string pairing_code(const Pairing& pairing);
// Case, spaces and dashes do not matter.
Result<Pairing> parse_pairing_code(std::string_view text);

}  // namespace waypost::trunk
