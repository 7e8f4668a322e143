// SPDX-License-Identifier: Apache-2.0
#include "radio/meshcore/address.h"

#include "gateway/base/encoding.h"
#include "gateway/message/text.h"
#include "radio/meshcore/companion.h"
#include "radio/meshcore/wire_bytes.h"

namespace waypost::meshcore {
namespace {

constexpr std::string_view kRoomMark = "room-";
constexpr std::size_t kMostName = 40;

std::optional<std::string> prefix_of(std::string_view hex) {
    if (hex.size() != 2 * kPrefixBytes || lower_ascii(hex) != hex) return std::nullopt;
    return from_hex(hex);
}

}  // namespace

std::string radio_address(std::string_view key) {
    return '!' + to_hex(key.substr(0, kPrefixBytes));
}

std::string room_address(std::string_view key) {
    return std::string(kRoomMark) + to_hex(key.substr(0, kPrefixBytes));
}

// In small letters, as addresses are compared; what cannot stand in one is "_".
std::string name_address(std::string_view name) {
    std::string out = one_line(clean_utf8(name), kMostName);
    for (char& c : out)
        if (c == ' ') c = '_';
    return '~' + lower_ascii(out);
}

std::optional<Target> parse_target(std::string_view address) {
    if (address.starts_with('~') && address.size() > 1)
        return Target{Target::Kind::Name, std::string(address)};
    const bool room = address.starts_with(kRoomMark);
    if (!room && !address.starts_with('!')) return std::nullopt;
    auto prefix = prefix_of(address.substr(room ? kRoomMark.size() : 1));
    if (!prefix) return std::nullopt;
    return Target{room ? Target::Kind::Room : Target::Kind::Radio, std::move(*prefix)};
}

std::string wire_id_of(std::string_view address, std::uint32_t time) {
    std::string big_endian;
    for (int shift = 24; shift >= 0; shift -= 8) put8(big_endian, time >> shift);
    const auto target = parse_target(address);
    const std::string head = target && target->kind != Target::Kind::Name ? to_hex(target->prefix)
                                                                          : std::string(address);
    return head + '.' + to_hex(big_endian);
}

std::optional<std::uint32_t> time_in(std::string_view wire_id) {
    const std::size_t dot = wire_id.rfind('.');
    if (dot == std::string_view::npos || wire_id.size() != dot + 9) return std::nullopt;
    const auto bytes = from_hex(wire_id.substr(dot + 1));
    if (!bytes) return std::nullopt;
    std::uint32_t time = 0;
    for (const char c : *bytes) time = time << 8 | static_cast<unsigned char>(c);
    return time;
}

}  // namespace waypost::meshcore
