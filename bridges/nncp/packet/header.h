// SPDX-License-Identifier: Apache-2.0
// The two headers of an NNCP packet, in XDR (RFC 4506): the plain one inside (magic NNCPP 3) and
// the one outside (NNCPE 6). Pure. What is refused here, and nncp 8.8.2 takes, stands in
// doc/nncp.md.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "bridges/nncp/packet/ids.h"

namespace waypost::nncp {

enum class PacketType : std::uint32_t {
    File = 1,
    Freq = 2,     // asks for a file
    Exec = 3,     // payload: zstd
    Trns = 4,     // payload: a whole packet for the node in `path`
    ExecFat = 5,  // payload as it is
    Area = 6,     // payload: a whole packet for the area in `path`
    Ack = 7,      // `path`: the Mth of the packet that arrived
};
const char* to_string(PacketType type);  // "file", "exec-fat"

inline constexpr std::size_t kPlainHeaderBytes = 276;
inline constexpr std::size_t kPacketHeaderBytes = 172;
inline constexpr std::size_t kPathBytes = 255;

// 1..255, smaller goes first.
using Nice = std::uint8_t;
inline constexpr Nice kNiceExec = 96, kNiceFreq = 160, kNiceAck = 160, kNiceFile = 224;

struct PlainHeader {
    PacketType type = PacketType::File;
    Nice nice = kNiceFile;  // for types 1, 2, 3, 5 and 7; 0 in a trns or area packet
    std::string path;       // at most 255 bytes: name, NUL-joined words or 32 raw bytes, by type
};
Result<std::string> encode(const PlainHeader& header);  // an Error if the path is too long
// `bytes` are the first 276. Refuses a wrong magic, an unknown type, filler that is not zero, a
// path of the wrong length for ids, nice 0 where it means something.
Result<PlainHeader> decode_plain_header(std::string_view bytes);

// What the path of a trns, area or ack packet names.
inline Hash32 id_in(const PlainHeader& plain) { return hash_of_bytes(plain.path); }

// "sendmail\0ana@hill.example" <-> words. Refuses an empty handle.
Result<std::vector<std::string>> words_of(const PlainHeader& exec);

struct PacketHeader {
    Nice nice = kNiceFile;
    NodeId sender{};
    Hash32 recipient{};  // a node, or an area
    Hash32 ephemeral{};  // X25519
    std::array<std::uint8_t, 64> signature{};
};
std::string encode(const PacketHeader& header);  // 172 bytes; the signature is over the first 108
// Names the version of an older format ("NNCPE 5: made by nncp older than ...").
Result<PacketHeader> decode_packet_header(std::string_view bytes);

}  // namespace waypost::nncp
