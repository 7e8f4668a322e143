// SPDX-License-Identifier: Apache-2.0
// An OpenPGP message (RFC 4880 11.3): encrypted to one person and signed by another. Thread-safe;
// one at a time in the process, so that hostile ones do not add up in memory.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "bridges/email/openpgp/keys.h"

namespace waypost::email::openpgp {

struct OpenLimits {
    std::size_t sealed_bytes = 8u << 20;
    std::size_t opened_bytes = 16u << 20;  // also what a compressed one may become
    int recipients = 64;                   // session keys tried, in all its layers
    int signatures = 4;                    // with more, in all its layers, it counts as not signed
};

struct OpenedMessage {
    std::string bytes;
    std::string signer;  // fingerprint of that key of `signers` that signed all of it; may be empty
};

// `sealed`: armored or binary. An Error if it is malformed, too large, not for this key, or without
// proof that it is whole (RFC 4880 5.13: integrity protected data only).
Result<OpenedMessage> open_message(std::string_view sealed, const OwnKey& key,
                                   const std::vector<Certificate>& signers,
                                   const OpenLimits& limits = {});

// Armored. An Error if the recipient's key cannot be used, now or ever.
Result<std::string> seal_message(std::string_view plain, const Certificate& recipient,
                                 const OwnKey& signer);

}  // namespace waypost::email::openpgp
