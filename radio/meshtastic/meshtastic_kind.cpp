// SPDX-License-Identifier: Apache-2.0
// Settings of a Meshtastic device, and how one is known that is plugged in.
#include <array>
#include <stdexcept>

#include "meshtastic.pb.h"
#include "radio/meshtastic/meshtastic_transport.h"
#include "radio/meshtastic/stream_codec.h"

namespace waypost::meshtastic {
namespace {

using Kind = Setting::Kind;

constexpr std::array kSettings = {
    Setting{"port", Kind::Text, "", "", "", "\"serial:/dev/ttyACM0\" or \"tcp:host:4403\"", true,
            true},
    Setting{"share", Kind::Integer, "25", "1..100", "percent",
            "of the airtime that the law leaves this radio in an hour", false, true},
    Setting{"text_bytes", Kind::Integer, "200", "130..220", "bytes",
            "longest text of one packet; apps of handhelds stop at 200", false, true},
    Setting{"gap", Kind::Duration, "2500ms", "0ms..1m", "",
            "between two texts; firmware refuses less than 2 s", false, true},
    Setting{"shared_band", Kind::Text, "", "", "",
            "radios with the same name here, [trunk.*] too, keep to the law together; empty: each "
            "by itself",
            false, true},
};
constexpr Section kSection{"meshtastic", true, "A Meshtastic device.", kSettings};

std::unique_ptr<Transport> make(SharedBands& bands, std::shared_ptr<BrokerHub> hub, TransportId id,
                                const SectionValues& values) {
    MeshtasticOptions options;
    options.port = values.text("port");
    if (options.port.rfind("serial:", 0) != 0 && options.port.rfind("tcp:", 0) != 0) {
        throw std::runtime_error(options.port + ": port is serial:/dev/NAME or tcp:host:4403");
    }
    options.text_bytes = static_cast<std::size_t>(values.integer("text_bytes"));
    options.session.share_percent = static_cast<int>(values.integer("share"));
    options.session.text_gap = values.duration("gap");
    options.hub = std::move(hub);
    if (values.has("shared_band"))
        options.session.band = bands.join(values.text("shared_band"), id, id);
    return std::make_unique<MeshtasticTransport>(std::move(id), std::move(options));
}

// Configuration alone, without the nodes: what newer firmware takes this number for.
constexpr std::uint32_t kConfigOnly = 69420;

bool is_answer(std::string_view heard) {
    bool tells = false;
    const auto accept = [&](const std::string& payload) {
        pb::FromRadio message;
        if (!message.ParseFromString(payload)) return false;
        tells = tells || message.has_my_info() || message.has_config() ||
                message.config_complete_id() == kConfigOnly;
        return true;
    };
    StreamParser().feed(heard, accept);
    return tells;
}

UsbFirmware firmware() {
    pb::ToRadio hello;
    hello.set_want_config_id(kConfigOnly);
    // 32 start bytes wake a device that sleeps.
    return {std::string(kSection.name), std::string(32, '\xC3') + frame(hello.SerializeAsString()),
            is_answer};
}

}  // namespace

TransportKind meshtastic_kind(std::shared_ptr<SharedBands> bands, std::shared_ptr<UsbRadios> usb,
                              std::shared_ptr<BrokerHub> hub) {
    if (usb) usb->knows(firmware());
    return {&kSection,
            [bands = std::move(bands), hub = std::move(hub)](TransportId id,
                                                             const SectionValues& values) {
                return make(*bands, hub, std::move(id), values);
            },
            found_by_usb(std::move(usb), kSection),
            {},
            true};
}

}  // namespace waypost::meshtastic
