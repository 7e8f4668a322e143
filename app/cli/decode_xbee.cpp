// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "app/cli/decode_kinds.h"
#include "gateway/base/encoding.h"
#include "radio/xbee/packet.h"

namespace waypost::cli {
namespace {

using Json = Poco::JSON::Object;

template <class T>
std::string hex_number(T value) {
    std::string bytes;
    for (int shift = 8 * (static_cast<int>(sizeof(T)) - 1); shift >= 0; shift -= 8) {
        bytes += static_cast<char>(static_cast<std::uint64_t>(value) >> shift & 255);
    }
    return to_hex(bytes);
}

// What a terminal shows; the rest is in `raw`.
std::string printable(std::string text) {
    std::replace_if(
        text.begin(), text.end(), [](char c) { return c < ' ' || c > '~'; }, '?');
    return text;
}

void set_node(Json& out, const xbee::NodeDescription& node) {
    out.set("remote16", hex_number(node.address16));
    out.set("remote64", hex_number(node.address));
    out.set("nodeIdentifier", printable(node.name));
    out.set("remoteParent16", hex_number(node.parent16));
    out.set("deviceType", int{node.device_type});
    out.set("sourceEvent", int{node.event});
    out.set("digiProfileID", hex_number(node.profile));
    out.set("digiManufacturerID", hex_number(node.manufacturer));
    const std::string& rest = node.rest;  // DD, then RSSI; either may be missing
    if (rest.size() >= 4) out.set("deviceTypeID", to_hex(rest.substr(0, 4)));
    if (rest.size() == 1 || rest.size() == 5) {
        out.set("rssi", -int{static_cast<unsigned char>(rest.back())});
    }
}

// The type is set already.
struct Fields {
    Json& out;

    void operator()(const xbee::AtCommand& p) const {
        command(p.id, p.name);
        out.set("commandParameter", to_hex(p.value));
    }
    void operator()(const xbee::Transmit& p) const {
        to(p.id, p.to, p.to16);
        if (p.endpoints) {
            out.set("sourceEndpoint", int{p.endpoints->source});
            out.set("destinationEndpoint", int{p.endpoints->destination});
            out.set("clusterId", int{p.endpoints->cluster});
            out.set("profileId", int{p.endpoints->profile});
        }
        out.set("broadcastRadius", int{p.radius});
        out.set("options", int{p.options});
        out.set("data", to_hex(p.data));
    }
    void operator()(const xbee::RemoteAt& p) const {
        to(p.id, p.to, p.to16);
        out.set("remoteCommandOptions", int{p.options});
        out.set("command", printable(p.name));
        out.set("commandParameter", to_hex(p.value));
    }
    void operator()(const xbee::AtAnswer& p) const {
        command(p.id, p.name);
        out.set("commandStatus", int{p.status});
        const auto found = p.name == "ND" ? xbee::parse_node(p.value) : bad_input("");
        if (!found.ok()) return void(out.set("commandData", to_hex(p.value)));
        Json node;
        set_node(node, *found);
        out.set("nodeIdentification", node);
    }
    void operator()(const xbee::ModemStatus& p) const { out.set("modemStatus", int{p.status}); }
    void operator()(const xbee::TransmitStatus& p) const {
        out.set("id", int{p.id});
        out.set("remote16", hex_number(p.to16));
        out.set("transmitRetryCount", int{p.retries});
        out.set("deliveryStatus", static_cast<int>(p.delivery));
        out.set("discoveryStatus", int{p.discovery});
    }
    void operator()(const xbee::Receive& p) const {
        from("remote", p.from, p.from16);
        if (p.endpoints) {
            out.set("sourceEndpoint", hex_number(p.endpoints->source));
            out.set("destinationEndpoint", hex_number(p.endpoints->destination));
            out.set("clusterId", hex_number(p.endpoints->cluster));
            out.set("profileId", hex_number(p.endpoints->profile));
        }
        out.set("receiveOptions", int{p.options});
        out.set("data", to_hex(p.data));
    }
    void operator()(const xbee::NodeIdentification& p) const {
        from("sender", p.from, p.from16);
        out.set("receiveOptions", int{p.options});
        set_node(out, p.node);
    }
    void operator()(const xbee::RemoteAtAnswer& p) const {
        command(p.id, p.name);
        from("remote", p.from, p.from16);
        out.set("commandStatus", int{p.status});
        out.set("commandData", to_hex(p.value));
    }
    void operator()(const xbee::Unknown& p) const {
        out.set("unknown", true);
        out.set("data", to_hex(p.rest));
    }

  private:
    void command(std::uint8_t id, const std::string& name) const {
        out.set("id", int{id});
        out.set("command", printable(name));
    }
    void to(std::uint8_t id, std::uint64_t address, std::uint16_t address16) const {
        out.set("id", int{id});
        out.set("destination64", hex_number(address));
        out.set("destination16", hex_number(address16));
    }
    void from(const std::string& who, std::uint64_t address, std::uint16_t address16) const {
        out.set(who + "64", hex_number(address));
        out.set(who + "16", hex_number(address16));
    }
};

}  // namespace

Decoded decode_xbee(xbee::ApiMode mode, const std::string& bytes) {
    Decoded out;
    const auto add = [&out](const std::vector<std::string>& bodies) {
        for (const std::string& body : bodies) {
            Json frame;
            frame.set("raw", to_hex(xbee::frame(xbee::ApiMode::Plain, body)));
            frame.set("type", int{static_cast<unsigned char>(body[0])});
            const auto packet = xbee::parse(body);
            if (packet.ok())
                std::visit(Fields{frame}, *packet);
            else
                frame.set("error", packet.error().text);
            if (!packet.ok()) ++out.errors;
            out.frames.add(frame);
        }
    };
    xbee::Deframer deframer(mode);
    add(deframer.feed(bytes));
    while (deframer.begun()) add(deframer.give_up_begun());
    out.errors += deframer.broken();
    return out;
}

}  // namespace waypost::cli
