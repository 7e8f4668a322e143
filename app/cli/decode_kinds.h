// SPDX-License-Identifier: Apache-2.0
// What `waypost decode KIND` can read: one row per kind, each a stream of bytes to JSON. Pure.
#pragma once

#include <Poco/JSON/Array.h>
#include <Poco/JSON/Object.h>

#include <cstdint>
#include <functional>
#include <span>
#include <string>

#include "radio/trunk/tools/packet_text.h"
#include "radio/xbee/api_framing.h"

namespace waypost::cli {

struct Decoded {
    Poco::JSON::Array frames;  // of objects with `raw` in hex and the frame's fields
    std::uint64_t errors = 0;  // what was damaged, cut, or too short for what it says it is
};

struct DecodeKind {
    const char* name;
    const char* help;
    std::function<Decoded(const std::string& bytes)> decode;
};
std::span<const DecodeKind> decode_kinds();

// {"frames": [...], "errors": n} of one line of hex; `bad`: it is no hex.
Poco::JSON::Object decode_line(const DecodeKind& kind, std::string line, bool& bad);

// Field names as in tests/data/xbee/README.md; byte strings in hex.
Decoded decode_xbee(xbee::ApiMode mode, const std::string& bytes);
// A packet of the trunk. `reader` may be nullptr: then only what is in clear.
Decoded decode_trunk(const trunk::PacketReader* reader, const std::string& packet);
// Frames of a KISS line; data that are AX.25 UI frames have their fields.
Decoded decode_kiss_line(const std::string& bytes);

}  // namespace waypost::cli
