// SPDX-License-Identifier: Apache-2.0
// Settings of a Meshtastic device, and the USB ports that look like one.
#include <libserialport.h>

#include <array>
#include <stdexcept>

#include "radio/meshtastic/meshtastic_transport.h"

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

std::unique_ptr<Transport> make(SharedBands& bands, TransportId id, const SectionValues& values) {
    MeshtasticOptions options;
    options.port = values.text("port");
    if (options.port.rfind("serial:", 0) != 0 && options.port.rfind("tcp:", 0) != 0) {
        throw std::runtime_error(options.port + ": port is serial:/dev/NAME or tcp:host:4403");
    }
    options.text_bytes = static_cast<std::size_t>(values.integer("text_bytes"));
    options.session.share_percent = static_cast<int>(values.integer("share"));
    options.session.text_gap = values.duration("gap");
    if (values.has("shared_band"))
        options.session.band = bands.join(values.text("shared_band"), id, id);
    return std::make_unique<MeshtasticTransport>(std::move(id), std::move(options));
}

struct UsbKind {
    int vendor, product;  // product -1: any of the vendor
};
// What boards with Meshtastic firmware show: Espressif, Silicon Labs, WCH, Adafruit nRF52, Seeed,
// RAK (nRF52), Raspberry Pi RP2040.
constexpr UsbKind kUsb[] = {{0x303a, -1}, {0x10c4, 0xea60}, {0x1a86, -1},
                            {0x239a, -1}, {0x2886, -1},     {0x2e8a, -1}};

struct PortListFree {
    void operator()(sp_port** list) const noexcept { sp_free_port_list(list); }
};

std::vector<FoundDevice> discover() {
    std::vector<FoundDevice> found;
    sp_port** raw = nullptr;
    if (sp_list_ports(&raw) != SP_OK) return found;
    const std::unique_ptr<sp_port*, PortListFree> list(raw);
    for (sp_port** port = raw; *port != nullptr; ++port) {
        int vendor = 0;
        int product = 0;
        if (sp_get_port_usb_vid_pid(*port, &vendor, &product) != SP_OK) continue;
        for (const UsbKind& kind : kUsb) {
            if (kind.vendor != vendor || (kind.product >= 0 && kind.product != product)) continue;
            const char* serial = sp_get_port_usb_serial(*port);
            const std::string name = sp_get_port_name(*port);
            found.push_back(
                {"usb-" + (serial ? std::string(serial) : name.substr(name.rfind('/') + 1)),
                 {{"port", "serial:" + name}}});
            break;
        }
    }
    return found;
}

}  // namespace

TransportKind meshtastic_kind(std::shared_ptr<SharedBands> bands) {
    return {&kSection,
            [bands = std::move(bands)](TransportId id, const SectionValues& values) {
                return make(*bands, std::move(id), values);
            },
            discover,
            {},
            true};
}

}  // namespace waypost::meshtastic
