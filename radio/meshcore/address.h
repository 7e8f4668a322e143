// SPDX-License-Identifier: Apache-2.0
// meshcore: addresses.
//   !a1b2c3d4e5f6      a radio, by the first six bytes of its key
//   room-a1b2c3d4e5f6  a room server, likewise
//   ~Ana               whoever called himself so on a channel: no proof, but whom an answer may go
//                      to, as long as one contact alone has that name
// Wire ids: "a1b2c3d4e5f6.68f0a1b2", the contact and the time that stands in the packet.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace waypost::meshcore {

inline constexpr char kNetwork[] = "meshcore";

std::string radio_address(std::string_view key);  // or its first six bytes
std::string room_address(std::string_view key);
std::string name_address(std::string_view name);

struct Target {
    enum class Kind { Radio, Room, Name };
    Kind kind = Kind::Radio;
    std::string prefix;  // 6 bytes; of a name as name_address() has it
};
std::optional<Target> parse_target(std::string_view address);

std::string wire_id_of(std::string_view address, std::uint32_t time);
std::optional<std::uint32_t> time_in(std::string_view wire_id);

}  // namespace waypost::meshcore
