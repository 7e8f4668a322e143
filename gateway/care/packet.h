// SPDX-License-Identifier: Apache-2.0
// An operator's signed command as bytes: small enough for a radio link, and worth nothing at any
// other box or a second time. doc/care.md has the format with a worked example. Pure.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "gateway/base/result.h"
#include "gateway/base/secret.h"

namespace waypost::care {

inline constexpr std::size_t kMostCommand = 160;  // bytes, printable ASCII
inline constexpr std::size_t kFixedBytes = 85;    // what a packet has beside its command

using PublicKey = std::array<unsigned char, 32>;  // Ed25519 (RFC 8032)
using BoxPrint = std::array<unsigned char, 8>;    // of a mail domain
using KeyId = std::array<unsigned char, 4>;       // of a public key; two may share it

BoxPrint box_print(std::string_view domain);  // of either case
KeyId key_id(const PublicKey& key);

struct Packet {
    BoxPrint box{};
    KeyId key{};
    // Milliseconds since 1970 at which it was signed, or more: each is above all before it.
    std::uint64_t number = 0;
    std::uint16_t minutes = 0;  // good for so long after `number`; 0: for ever
    std::string command;        // "restart meshtastic.roof"
    std::string bytes;          // all of it
};
inline constexpr std::uint64_t kMostNumber = (std::uint64_t{1} << 48) - 1;

// What its signature is worth, is_signed_by() says.
Result<Packet> parse_packet(std::string_view bytes);
bool is_signed_by(const Packet& packet, const PublicKey& key);

// A secret key: 32 bytes from which Ed25519 derives the rest.
struct SigningKey {
    Secret seed;
    PublicKey key{};
};
SigningKey signing_key(Secret seed);
struct Order {
    std::string box;  // its mail domain
    std::uint64_t number = 0;
    std::uint16_t minutes = 0;
    std::string command;
};
// Error: the command is empty, too long or no printable ASCII.
Result<std::string> sign_order(const Order& order, const SigningKey& key);

// As a line of a mail or on paper: "waypost-care:" and base64. What stands around it is passed
// over; Error: there is none, or it is cut.
std::string as_text(std::string_view packet);
Result<std::string> packet_in(std::string_view text);

// "a3…" in base64, as it stands in settings, and back.
std::string key_text(const PublicKey& key);
Result<PublicKey> parse_key(std::string_view text);

}  // namespace waypost::care
