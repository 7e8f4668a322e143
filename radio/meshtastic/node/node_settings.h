// SPDX-License-Identifier: Apache-2.0
// The settings that every node of the box's own has, whatever carries its packets, as entries of a
// section's table.
#pragma once

#include "gateway/config/setting.h"
#include "radio/meshtastic/node/node_transport.h"

namespace waypost::meshtastic {

inline constexpr Setting kChannelsSetting{
    "channels", Setting::Kind::SecretFile,
    "",         "",
    "",         "file of mode 0600, a line for each channel: NAME KEY, or NAME KEY PRECISION",
    true,       true};
inline constexpr Setting kNameSetting{"name", Setting::Kind::Text,
                                      "",     "",
                                      "",     "of the node, at most 24 bytes; empty: the village",
                                      false,  true};
inline constexpr Setting kShortNameSetting{
    "short_name", Setting::Kind::Text, "", "", "", "at most 4 bytes; empty: cut from name", false,
    true};
inline constexpr Setting kPlaceSetting{
    "place", Setting::Kind::GeoPlace,
    "",      "",
    "",      "\"47.1234, 11.5678\", told as finely as each channel's PRECISION; empty: not told",
    false,   true};
inline constexpr Setting kHopsSetting{
    "hops", Setting::Kind::Integer, "3", "0..7", "", "over which radios repeat what we say", false,
    true};
inline constexpr Setting kTextBytesSetting{
    "text_bytes", Setting::Kind::Integer,
    "200",        "130..220",
    "bytes",      "longest text of one packet; apps of handhelds stop at 200",
    false,        true};

// What these say, with the channels' keys. Throws std::runtime_error, a sentence for the operator.
NodeTransportOptions read_node(const SectionValues& values);

}  // namespace waypost::meshtastic
