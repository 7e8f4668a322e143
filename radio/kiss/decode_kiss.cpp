// SPDX-License-Identifier: Apache-2.0
#include "radio/kiss/decode_kiss.h"

#include <cstdio>

#include "radio/kiss/ax25.h"
#include "radio/kiss/kiss_codec.h"

namespace waypost::kiss {
namespace {

std::string printable(std::string_view text) {
    std::string out;
    for (const char c : text) {
        char escaped[8];
        std::snprintf(escaped, sizeof escaped, "\\x%02X", static_cast<unsigned>(c) & 255U);
        const bool plain = c >= ' ' && c <= '~' && c != '\\';
        out += plain ? std::string(1, c) : std::string(escaped);
    }
    return out;
}

std::string describe_ui(const ax25::UiFrame& ui) {
    std::string out = to_string(ui.from) + '>' + to_string(ui.to);
    for (const ax25::Address& via : ui.via) out += ',' + to_string(via) + (via.mark ? "*" : "");
    char pid[16];
    std::snprintf(pid, sizeof pid, " pid %02X", static_cast<unsigned>(ui.pid));
    return out + pid + ", " + std::to_string(ui.info.size()) + " bytes: " + printable(ui.info);
}

std::string describe(const Frame& frame) {
    static constexpr const char* kNames[] = {"data",    "txdelay", "persistence", "slot time",
                                             "tx tail", "duplex",  "hardware"};
    if (frame.type == 0xFF) return "leave KISS";
    const std::string port = "port " + std::to_string(frame.port()) + ' ';
    if (frame.command() == kData) {
        const auto ui = ax25::parse(frame.data);
        return port + (ui.ok() ? describe_ui(*ui) : ui.error().text);
    }
    const std::string name = frame.command() <= kSetHardware
                                 ? kNames[frame.command()]
                                 : "command " + std::to_string(frame.command());
    if (frame.data.size() != 1) return port + name + ' ' + printable(frame.data);
    return port + name + ' ' + std::to_string(static_cast<unsigned char>(frame.data[0]));
}

}  // namespace

std::string decode_kiss(std::string_view bytes) {
    Parser parser(ax25::kMostFrame);
    std::string out;
    for (const Frame& frame : parser.feed(bytes)) out += describe(frame) + '\n';
    if (parser.broken() > 0) out += std::to_string(parser.broken()) + " broken frames\n";
    return out;
}

}  // namespace waypost::kiss
