// SPDX-License-Identifier: Apache-2.0
// Settings of a MeshCore companion radio, and how one is known that is plugged in.
#include <array>
#include <stdexcept>

#include "gateway/base/encoding.h"
#include "gateway/base/secret.h"
#include "gateway/message/text.h"
#include "radio/meshcore/meshcore_transport.h"

namespace waypost::meshcore {
namespace {

using Kind = Setting::Kind;

constexpr std::array kSettings = {
    Setting{"port", Kind::Text, "", "", "", "\"serial:/dev/ttyACM0\" or \"tcp:host:5000\"", true,
            true},
    Setting{
        "region", Kind::Choice, "", "EU868|EU433|US915|AU915|IN865|AS923", "",
        "whose law holds here, without it nothing is sent; the device's frequency and power are "
        "read, never changed",
        true, true},
    Setting{"share", Kind::Integer, "25", "1..100", "percent",
            "of the airtime that the law leaves this radio in an hour", false, true},
    Setting{"text_bytes", Kind::Integer, "150", "130..158", "bytes",
            "longest text of one packet; apps of handhelds stop at 133 to 160", false, true},
    Setting{"gap", Kind::Duration, "1s", "0ms..1m", "", "between two texts", false, true},
    Setting{
        "advert_every", Kind::Duration, "24h", "1h..30d", "",
        "how often the box's radio tells the whole mesh that it is there; a new handheld may be "
        "told once more in an hour",
        false, true},
    Setting{"rooms", Kind::List, "", "", "",
            "room servers whose posts are those of a group here: \"a1b2c3d4e5f6=news\", the first "
            "six bytes of the room's key and the group",
            false, true},
    Setting{"room_password_file", Kind::SecretFile, "", "", "",
            "file of mode 0600 with the rooms' password, at most 15 bytes; empty: they have none",
            false, true},
    Setting{"shared_band", Kind::Text, "", "", "",
            "radios with the same name here, [trunk.*] too, keep to the law together; empty: each "
            "by itself",
            false, true},
};
constexpr Section kSection{"meshcore", true, "A MeshCore companion radio.", kSettings};

RoomGroup parse_room(const std::string& text) {
    const std::size_t mark = text.find('=');
    const auto prefix = from_hex(lower_ascii(text.substr(0, mark)));
    if (mark == std::string::npos || mark + 1 == text.size() || !prefix ||
        prefix->size() < kPrefixBytes || prefix->size() > kKeyBytes) {
        throw std::runtime_error("rooms: \"" + text +
                                 "\" is no room; write \"a1b2c3d4e5f6=news\", the first six bytes "
                                 "of its key in hex and the group");
    }
    std::string group = lower_ascii(text.substr(mark + 1));
    if (group.starts_with('#')) group.erase(0, 1);
    return {prefix->substr(0, kPrefixBytes), group};
}

std::string password_of(const SectionValues& values) {
    if (!values.has("room_password_file")) return {};
    const auto secret = read_secret_file(values.text("room_password_file"));
    if (!secret.ok()) throw std::runtime_error(secret.error().text);
    std::string password(secret->reveal());
    if (password.size() > kPasswordBytes)
        throw std::runtime_error("room_password_file: a room's password has at most 15 bytes");
    return password;
}

std::unique_ptr<Transport> make(SharedBands& bands, TransportId id, const SectionValues& values) {
    MeshcoreOptions options;
    options.port = values.text("port");
    if (options.port.rfind("serial:", 0) != 0 && options.port.rfind("tcp:", 0) != 0) {
        throw std::runtime_error(options.port + ": port is serial:/dev/NAME or tcp:host:5000");
    }
    options.text_bytes = static_cast<std::size_t>(values.integer("text_bytes"));
    options.session.region = values.text("region");
    options.session.share_percent = static_cast<int>(values.integer("share"));
    options.session.text_gap = values.duration("gap");
    options.session.advert_every = values.duration("advert_every");
    const std::string password = password_of(values);
    for (const std::string& each : values.list("rooms")) {
        options.rooms.push_back(parse_room(each));
        options.session.rooms.push_back({options.rooms.back().prefix, password});
    }
    if (values.has("shared_band"))
        options.session.band = bands.join(values.text("shared_band"), id, id);
    return std::make_unique<MeshcoreTransport>(std::move(id), std::move(options));
}

bool is_answer(std::string_view heard) {
    for (const std::string& payload : FrameParser(Direction::FromRadio).feed(heard)) {
        const auto reply = decode_reply(payload);
        if (!reply) continue;
        if (std::holds_alternative<SelfInfo>(*reply) || std::holds_alternative<DeviceInfo>(*reply))
            return true;
    }
    return false;
}

// What any app says first.
UsbFirmware firmware() {
    return {
        std::string(kSection.name),
        frame(Direction::ToRadio, device_query()) + frame(Direction::ToRadio, app_start("waypost")),
        is_answer};
}

}  // namespace

TransportKind meshcore_kind(std::shared_ptr<SharedBands> bands, std::shared_ptr<UsbRadios> usb) {
    if (usb) usb->knows(firmware());
    return {&kSection,
            [bands = std::move(bands)](TransportId id, const SectionValues& values) {
                return make(*bands, std::move(id), values);
            },
            found_by_usb(std::move(usb), kSection),
            {},
            true};
}

}  // namespace waypost::meshcore
