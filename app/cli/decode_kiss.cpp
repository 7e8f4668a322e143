// SPDX-License-Identifier: Apache-2.0
// `waypost decode kiss`: KISS frames of one line, and the AX.25 in them.
#include <algorithm>

#include "app/cli/decode_kinds.h"
#include "gateway/base/encoding.h"
#include "radio/kiss/ax25.h"
#include "radio/kiss/kiss_codec.h"

namespace waypost::cli {
namespace {

using Json = Poco::JSON::Object;

const char* command_name(int command) {
    static constexpr const char* kNames[] = {"data",   "txdelay", "persistence", "slottime",
                                             "txtail", "duplex",  "hardware"};
    return command <= kiss::kSetHardware ? kNames[command] : "unknown";
}

void set_ui(Json& out, const ax25::UiFrame& ui) {
    out.set("from", to_string(ui.from));
    out.set("to", to_string(ui.to));
    Poco::JSON::Array via;
    for (const ax25::Address& each : ui.via) via.add(to_string(each) + (each.mark ? "*" : ""));
    out.set("via", via);
    out.set("pid", int{ui.pid});
    out.set("poll", ui.poll);
    out.set("info", to_hex(ui.info));
}

}  // namespace

Decoded decode_kiss_line(const std::string& bytes) {
    Decoded out;
    kiss::Parser parser(ax25::kMostFrame);
    for (const kiss::Frame& frame : parser.feed(bytes)) {
        Json json;
        json.set("raw", to_hex(kiss::encode(frame)));
        const bool leave = frame.type == 0xFF;
        json.set("command", leave ? "return" : command_name(frame.command()));
        if (!leave) json.set("port", frame.port());
        json.set("data", to_hex(frame.data));
        if (!leave && frame.command() == kiss::kData) {
            const auto ui = ax25::parse(frame.data);
            if (ui.ok()) set_ui(json, *ui);
            if (!ui.ok()) json.set("ax25", ui.error().text);
        }
        out.frames.add(json);
    }
    out.errors = parser.broken();
    return out;
}

}  // namespace waypost::cli
