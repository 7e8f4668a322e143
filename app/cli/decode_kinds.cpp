// SPDX-License-Identifier: Apache-2.0
#include "app/cli/decode_kinds.h"

#include <optional>

#include "radio/meshtastic/stream_codec.h"

namespace waypost::cli {
namespace {

std::optional<std::string> from_hex(const std::string& text) {
    const auto digit = [](char c) {
        return c >= '0' && c <= '9'   ? c - '0'
               : c >= 'a' && c <= 'f' ? c - 'a' + 10
               : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                      : -1;
    };
    if (text.size() % 2 != 0) return std::nullopt;
    std::string bytes;
    for (std::size_t i = 0; i < text.size(); i += 2) {
        if (digit(text[i]) < 0 || digit(text[i + 1]) < 0) return std::nullopt;
        bytes += static_cast<char>(digit(text[i]) * 16 + digit(text[i + 1]));
    }
    return bytes;
}

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

std::string to_hex(std::string_view bytes) {
    static constexpr char kDigits[] = "0123456789abcdef";
    std::string out;
    for (const char c : bytes) {
        out += kDigits[static_cast<unsigned char>(c) >> 4];
        out += kDigits[c & 15];
    }
    return out;
}

std::span<const DecodeKind> decode_kinds() {
    static const DecodeKind kKinds[] = {
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
