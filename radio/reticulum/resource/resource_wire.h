// SPDX-License-Identifier: Apache-2.0
// What the packets of a Resource hold: how Reticulum carries over a link what is too large for one
// packet. The sender advertises it, the receiver asks for parts by 4-byte hashes of them (the map),
// and proves at the end that it has the whole. Pure; bounds are checked, nothing is believed.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "gateway/base/result.h"
#include "radio/reticulum/wire/packet.h"

namespace waypost::reticulum {

inline constexpr std::size_t kMapHash = 4;
inline constexpr std::size_t kResourceSalt = 4;
inline constexpr std::size_t kHashesInPacket = 74;    // of the map, whatever the link's MTU is
inline constexpr std::size_t kMostSegment = 1048575;  // bytes of data in one segment
inline constexpr std::size_t kMostRequested = 75;     // parts in one request

// A packet of the link. Parts and the proof go as they are, the rest is encrypted by the link; the
// proof is of packet type PROOF, the rest DATA. No packet of a resource is proved by itself.
// CacheRequest: the body of the proof that is missed; on the line its packet's hash stands for it.
struct ResourceFrame {
    Context context = Context::Resource;
    std::string body;  // not encrypted by the link
};
inline bool link_encrypts(Context context) {
    return context != Context::Resource && context != Context::ResourceProof;
}

struct ResourceAdvertisement {
    std::uint64_t transfer_bytes = 0;  // t: of all parts
    std::uint64_t data_bytes = 0;      // d: before compression, of all segments
    std::uint32_t parts = 0;           // n
    std::string hash;                  // h: 32 bytes, SHA-256(data, salt)
    std::string salt;                  // r: 4 bytes
    std::string first_hash;            // o: hash of the first segment
    std::uint32_t segment = 1;         // i: from 1
    std::uint32_t segments = 1;        // l
    std::string request_id;            // q: or empty
    bool encrypted = true;             // f, bits 0 to 5
    bool compressed = false;
    bool split = false;
    bool is_request = false;
    bool is_response = false;
    bool has_metadata = false;
    std::string hashmap;  // m: of the first parts, at most kHashesInPacket
};
Result<ResourceAdvertisement> parse_advertisement(std::string_view body);
std::string advertisement_bytes(const ResourceAdvertisement& advertisement);

struct PartRequest {
    std::string last_known;  // asks for more of the map, after this hash; empty: no
    std::string resource;    // its hash
    std::string wanted;      // map hashes
};
Result<PartRequest> parse_part_request(std::string_view body);
std::string part_request_bytes(const PartRequest& request);

struct HashmapUpdate {
    std::string resource;
    std::uint32_t segment = 0;  // in steps of kHashesInPacket
    std::string hashmap;
};
Result<HashmapUpdate> parse_hashmap_update(std::string_view body);
std::string hashmap_update_bytes(const HashmapUpdate& update);

struct ResourceProof {
    std::string resource;
    std::string proof;  // SHA-256(data, hash)
};
Result<ResourceProof> parse_resource_proof(std::string_view body);
std::string resource_proof_bytes(const ResourceProof& proof);

// The hash of the resource that a frame names; empty for a part and for what is malformed.
std::string resource_named(const ResourceFrame& frame);
std::string map_hash(std::string_view part, std::string_view salt);

}  // namespace waypost::reticulum
