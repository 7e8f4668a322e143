// SPDX-License-Identifier: Apache-2.0
// Writes and opens sealed packets in constant memory: X25519, Ed25519, BLAKE3 and ChaCha20-Poly1305
// (RFC 8439) in blocks of 128 KiB.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>

#include "bridges/nncp/packet/header.h"
#include "bridges/nncp/packet/stream.h"
#include "gateway/base/secret.h"

namespace waypost::nncp {

struct Sealing {
    NodeId sender{};
    const Secret* sign_secret = nullptr;  // of the sender, 64 bytes (seed and public key)
    Hash32 recipient{};                   // node or area
    Hash32 exchange_public{};             // its X25519 key
    Nice nice = kNiceExec;                // of the packet
    std::uint64_t pad = 0;                // bytes of padding
};

// Header, sealed blocks, padding. What was written of a packet that failed is worth nothing.
Result<void> seal(const Sealing& sealing, const PlainHeader& plain, Source& payload, Sink& out);

// How much pad makes a packet at least `minsize` bytes after `relays` layers more (nncp -minsize).
std::uint64_t pad_for(std::uint64_t payload_bytes, std::uint64_t minsize, int relays);

struct Unsealing {
    // The X25519 secret for this recipient; null: it is not for us.
    std::function<const Secret*(const Hash32& recipient)> exchange_secret;
    // The Ed25519 public key of this sender; nullopt: not known here.
    std::function<std::optional<Hash32>(const NodeId& sender)> sign_public;
    // Of areas that take posts of nodes they do not know.
    bool allow_unknown_sender = false;
};

struct Unsealed {
    PacketHeader header;
    PlainHeader plain;
    std::uint64_t payload_bytes = 0;
    std::uint64_t pad = 0;
};

// Reads a packet to its end. `payload` gets what is inside block by block, before the end is known
// to be good: only when this returns a value may anything be done with it. `on_plain`, if set, is
// told the plain header before the payload, and may refuse it.
// Errors: NotFound: not for us, or (retry: he may become known) its sender is not known; BadInput:
// anything wrong with it.
Result<Unsealed> unseal(const Unsealing& unsealing, Source& packet, Sink& payload,
                        const std::function<Result<void>(const Unsealed&)>& on_plain = nullptr);

}  // namespace waypost::nncp
