// SPDX-License-Identifier: Apache-2.0
// The receipt for a single packet: its hash, signed by its destination. Of packets on a link see
// link.h. SPEC.md section 6.5. Pure.
#pragma once

#include <string>
#include <string_view>

#include "gateway/base/result.h"
#include "radio/reticulum/wire/identity.h"
#include "radio/reticulum/wire/packet.h"

namespace waypost::reticulum {

enum class ProofForm {
    Implicit,  // the signature alone: what the reference program sends unless told otherwise
    Explicit,  // the packet's hash before it
};

// `packet_hash`: kFullHash bytes, of packet_hash(the packet as it came).
Packet prove_packet(const Identity& own, std::string_view packet_hash,
                    ProofForm form = ProofForm::Implicit);
// Is `proof` (either form) the proof of our packet by its destination? BadInput: it is not.
Result<void> check_proof(const Packet& proof, std::string_view packet_hash,
                         const PublicIdentity& destination);

}  // namespace waypost::reticulum
