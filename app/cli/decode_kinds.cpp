// SPDX-License-Identifier: Apache-2.0
#include "app/cli/decode_kinds.h"

#include "gateway/base/encoding.h"
#include "radio/meshtastic/stream_codec.h"

namespace waypost::cli {
namespace {

Decoded decode_meshtastic_stream(const std::string& bytes) {
    Decoded out;
    meshtastic::StreamParser parser;
    for (const std::string& payload : parser.feed(bytes)) {
        Poco::JSON::Object frame;
        frame.set("raw", to_hex(payload));
        out.frames.add(frame);
    }
    out.errors = parser.skipped() > 0 ? 1 : 0;
    return out;
}

}  // namespace

std::span<const DecodeKind> decode_kinds() {
    static const DecodeKind kKinds[] = {
        {"kiss", "KISS frames with AX.25", decode_kiss_line},
        {"meshtastic-stream", "the host protocol's frames", decode_meshtastic_stream},
        {"xbee1", "XBee frames of API mode 1",
         [](const std::string& bytes) { return decode_xbee(xbee::ApiMode::Plain, bytes); }},
        {"xbee2", "XBee frames of API mode 2",
         [](const std::string& bytes) { return decode_xbee(xbee::ApiMode::Escaped, bytes); }},
    };
    return kKinds;
}

Poco::JSON::Object decode_line(const DecodeKind& kind, std::string line, bool& bad) {
    while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) line.pop_back();
    const auto bytes = from_hex(line);
    bad = !bytes;
    const Decoded decoded = bytes ? kind.decode(*bytes) : Decoded{{}, 1};
    Poco::JSON::Object out;
    out.set("frames", decoded.frames);
    out.set("errors", decoded.errors);
    return out;
}

}  // namespace waypost::cli
