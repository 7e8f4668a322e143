// SPDX-License-Identifier: Apache-2.0
// An open link: its keys, and the packets on it. SPEC.md sections 6.4 to 6.7. It knows no time and
// no state but its keys: what was received when, and what follows, is the node's. One thread.
#pragma once

#include <string>
#include <string_view>

#include "gateway/base/random.h"
#include "gateway/base/result.h"
#include "gateway/base/secret.h"
#include "radio/reticulum/wire/identity.h"
#include "radio/reticulum/wire/packet.h"

namespace waypost::reticulum {

// Made by link_handshake.h. Moves, does not copy; its keys are wiped when it goes.
class Link {
  public:
    struct Parts {
        std::string id;          // kHash bytes
        bool initiator = false;  // we asked for it
        std::size_t mtu = kMtu;  // both sides keep to it; never over kMtu
        Secret keys;             // kTokenKeys bytes
        Secret signing_key;  // ours: the initiator's own for this link, the responder's identity's
        std::string peer_signing_key;  // public, of the other side
    };
    explicit Link(Parts parts) : parts_(std::move(parts)) {}

    const std::string& id() const { return parts_.id; }
    bool initiator() const { return parts_.initiator; }
    std::size_t mtu() const { return parts_.mtu; }
    std::size_t most_plain() const;  // what `seal` takes: kMostOnLink at kMtu
    // Is it addressed to this link? Ask before all else.
    bool owns(const Packet& packet) const;

    // An encrypted packet of data. TooLarge: over most_plain().
    Result<Packet> seal(Context context, std::string_view plain, Random& random) const;
    // What such a packet holds. BadInput: not on this link, or changed. Both sides encrypt with the
    // same keys: one of our own that somebody sends back opens too; a proof or a signature does not
    // hold.
    Result<std::string> open(const Packet& packet) const;
    // What goes without the link's encryption: parts (Data, Context::Resource) and proofs (Proof,
    // Context::ResourceProof) of a Resource. TooLarge: over mtu().
    Result<Packet> bare(PacketType type, Context context, std::string data) const;
    // The whole of a Resource, before it is cut into parts.
    std::string encrypt(std::string_view plain, Random& random) const;
    Result<std::string> decrypt(std::string_view token) const;

    // The receipt for a packet of Context::None: always the explicit form. `packet_hash`:
    // kFullHash.
    Packet prove(std::string_view packet_hash) const;
    // BadInput: not the other side's proof of our packet with this hash.
    Result<void> check_proof(const Packet& proof, std::string_view packet_hash) const;

    // By the initiator while nothing else comes (FF); the responder answers each at once (FE).
    Packet keepalive() const;
    bool is_keepalive_from_peer(const Packet& packet) const;

    // The initiator's first packet after the proof: only with it is the link open for the
    // responder.
    Packet rtt(double seconds, Random& random) const;
    Result<double> read_rtt(const Packet& packet) const;  // finite, not below 0

    Packet close(Random& random) const;
    Result<void> check_close(const Packet& packet) const;  // BadInput: not from the other side

    // The initiator says which identity it is.
    Packet identify(const Identity& own, Random& random) const;
    Result<PublicIdentity> read_identify(const Packet& packet) const;

  private:
    Packet blank(PacketType type, Context context) const;
    Parts parts_;
};

}  // namespace waypost::reticulum
