// SPDX-License-Identifier: Apache-2.0
#include "gateway/care/packet.h"

#include <sodium.h>

#include <algorithm>
#include <cstring>

#include "gateway/base/encoding.h"
#include "gateway/base/printable_ascii.h"
#include "gateway/message/care_text.h"
#include "gateway/message/text.h"

namespace waypost::care {
namespace {

constexpr unsigned char kVersion = 1;
constexpr std::size_t kBoxAt = 1, kKeyAt = 9, kNumberAt = 13, kMinutesAt = 19, kCommandAt = 21;
constexpr std::size_t kNumberBytes = 6, kMinutesBytes = 2;
static_assert(kCommandAt + crypto_sign_BYTES == kFixedBytes);
// Before what is signed: no other signature of the same key can be taken for one of these.
constexpr std::string_view kContext = "waypost care 1\n";
constexpr std::string_view kMark = kCareMark;

const unsigned char* raw(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

template <std::size_t N>
std::array<unsigned char, N> hash_of(std::string_view text) {
    std::array<unsigned char, 32> whole{};
    crypto_generichash(whole.data(), whole.size(), raw(text), text.size(), nullptr, 0);
    std::array<unsigned char, N> first{};
    std::copy_n(whole.begin(), N, first.begin());
    return first;
}

void put_big_endian(std::string& out, std::uint64_t value, std::size_t bytes) {
    for (std::size_t i = bytes; i-- > 0;) out += static_cast<char>(value >> (8 * i) & 0xFF);
}

std::uint64_t big_endian(std::string_view bytes) {
    std::uint64_t value = 0;
    for (const char c : bytes) value = value << 8 | static_cast<unsigned char>(c);
    return value;
}

bool is_base64(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '+' ||
           c == '/' || c == '=';
}

Result<void> check_command(std::string_view command) {
    if (command.empty()) return Error{Code::BadInput, "it has no command", false};
    if (command.size() > kMostCommand)
        return Error{Code::TooLarge,
                     "a command has " + std::to_string(kMostCommand) + " letters at most", false};
    if (!is_printable_ascii(command))
        return Error{Code::BadInput, "a command has printable ASCII letters only", false};
    return {};
}

}  // namespace

BoxPrint box_print(std::string_view domain) { return hash_of<8>(lower_ascii(domain)); }

KeyId key_id(const PublicKey& key) {
    return hash_of<4>({reinterpret_cast<const char*>(key.data()), key.size()});
}

Result<Packet> parse_packet(std::string_view bytes) {
    if (bytes.size() <= kFixedBytes)
        return Error{Code::BadInput, "too short for a signed command: it was cut", false};
    if (bytes.size() > kFixedBytes + kMostCommand)
        return Error{Code::TooLarge, "too long for a signed command", false};
    if (static_cast<unsigned char>(bytes[0]) != kVersion)
        return Error{Code::BadInput, "no signed command of this version", false};
    Packet packet;
    std::copy_n(raw(bytes.substr(kBoxAt)), packet.box.size(), packet.box.begin());
    std::copy_n(raw(bytes.substr(kKeyAt)), packet.key.size(), packet.key.begin());
    packet.number = big_endian(bytes.substr(kNumberAt, kNumberBytes));
    packet.minutes =
        static_cast<std::uint16_t>(big_endian(bytes.substr(kMinutesAt, kMinutesBytes)));
    packet.command = bytes.substr(kCommandAt, bytes.size() - kFixedBytes);
    if (const auto good = check_command(packet.command); !good.ok()) return good.error();
    packet.bytes = bytes;
    return packet;
}

bool is_signed_by(const Packet& packet, const PublicKey& key) {
    if (packet.bytes.size() <= kFixedBytes || packet.key != key_id(key)) return false;
    const std::size_t body = packet.bytes.size() - crypto_sign_BYTES;
    const std::string said = std::string(kContext) + packet.bytes.substr(0, body);
    const std::string signature = packet.bytes.substr(body);
    return crypto_sign_verify_detached(raw(signature), raw(said), said.size(), key.data()) == 0;
}

SigningKey signing_key(Secret seed) {
    SigningKey made{std::move(seed), {}};
    std::array<unsigned char, crypto_sign_SECRETKEYBYTES> secret{};
    crypto_sign_seed_keypair(made.key.data(), secret.data(), raw(made.seed.reveal()));
    sodium_memzero(secret.data(), secret.size());
    return made;
}

Result<std::string> sign_order(const Order& order, const SigningKey& key) {
    if (const auto good = check_command(order.command); !good.ok()) return good.error();
    if (order.number > kMostNumber) return Error{Code::BadInput, "the number is too high", false};
    std::string packet{static_cast<char>(kVersion)};
    const BoxPrint box = box_print(order.box);
    packet.append(box.begin(), box.end());
    const KeyId id = key_id(key.key);
    packet.append(id.begin(), id.end());
    put_big_endian(packet, order.number, kNumberBytes);
    put_big_endian(packet, order.minutes, kMinutesBytes);
    packet += order.command;
    std::array<unsigned char, crypto_sign_SECRETKEYBYTES> secret{};
    PublicKey same{};
    crypto_sign_seed_keypair(same.data(), secret.data(), raw(key.seed.reveal()));
    std::array<unsigned char, crypto_sign_BYTES> signature{};
    const std::string said = std::string(kContext) + packet;
    crypto_sign_detached(signature.data(), nullptr, raw(said), said.size(), secret.data());
    sodium_memzero(secret.data(), secret.size());
    packet.append(signature.begin(), signature.end());
    return packet;
}

std::string as_text(std::string_view packet) { return std::string(kMark) + to_base64(packet); }

// Mail programs break lines, and put a signature of their own behind an empty one.
Result<std::string> packet_in(std::string_view text) {
    constexpr std::size_t kMostLetters = (kFixedBytes + kMostCommand + 2) / 3 * 4;
    const std::size_t at = text.find(kMark);
    if (at == std::string_view::npos)
        return Error{Code::BadInput, "there is no line that begins with " + std::string(kMark),
                     false};
    std::string letters;
    std::size_t breaks = 0;
    for (const char c : text.substr(at + kMark.size())) {
        if (c == '\n' && ++breaks > 1) break;
        if (c == '\n' || c == '\r' || c == ' ') continue;
        if (!is_base64(c) || letters.size() > kMostLetters) break;
        breaks = 0;
        letters += c;
    }
    auto bytes = from_base64(letters);
    if (!bytes.ok() || bytes->empty())
        return Error{Code::BadInput, "what follows " + std::string(kMark) + " is no base64", false};
    return bytes;
}

std::string key_text(const PublicKey& key) {
    return to_base64({reinterpret_cast<const char*>(key.data()), key.size()});
}

Result<PublicKey> parse_key(std::string_view text) {
    const auto bytes = from_base64(text);
    PublicKey key{};
    if (!bytes.ok() || bytes->size() != key.size())
        return Error{Code::BadInput, "no public key: `waypost care keygen` prints one", false};
    std::copy_n(raw(*bytes), key.size(), key.begin());
    return key;
}

}  // namespace waypost::care
