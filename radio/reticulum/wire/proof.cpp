// SPDX-License-Identifier: Apache-2.0
#include "radio/reticulum/wire/proof.h"

namespace waypost::reticulum {

Packet prove_packet(const Identity& own, std::string_view packet_hash, ProofForm form) {
    Packet proof;
    proof.type = PacketType::Proof;
    proof.destination = packet_hash.substr(0, kHash);
    if (form == ProofForm::Explicit) proof.data = packet_hash;
    proof.data += own.sign(packet_hash);
    return proof;
}

Result<void> check_proof(const Packet& proof, std::string_view packet_hash,
                         const PublicIdentity& destination) {
    const bool addressed = proof.type == PacketType::Proof && proof.context == Context::None &&
                           proof.destination_type == DestinationType::Single &&
                           packet_hash.size() == kFullHash &&
                           proof.destination == packet_hash.substr(0, kHash);
    if (!addressed) return bad_input("no proof of this Reticulum packet");
    std::string_view signature = proof.data;
    if (signature.size() == kFullHash + kSignature) {
        if (signature.substr(0, kFullHash) != packet_hash)
            return bad_input("a proof of another Reticulum packet");
        signature.remove_prefix(kFullHash);
    }
    if (!destination.verify(packet_hash, signature))
        return bad_input("a proof of a Reticulum packet that its destination did not sign");
    return {};
}

}  // namespace waypost::reticulum
