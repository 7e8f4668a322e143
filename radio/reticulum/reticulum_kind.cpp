// SPDX-License-Identifier: Apache-2.0
// The settings of the box's address on Reticulum, and how they make a transport.
#include <array>
#include <charconv>
#include <cmath>
#include <stdexcept>

#include "gateway/base/encoding.h"
#include "gateway/base/secret.h"
#include "radio/reticulum/reticulum_transport.h"
#include "radio/reticulum/rnode_carrier.h"
#include "radio/reticulum/tcp_carrier.h"

namespace waypost::reticulum {
namespace {

using Kind = Setting::Kind;

constexpr std::size_t kTextByTcp = 8192;
constexpr std::size_t kTextOfOnePacket = 240;  // with a stamp and an author of 12 letters
constexpr char kForms[] =
    "port is tcp:host:4242 (a machine with Reticulum), tcp-listen:address:4242 (phones connect to "
    "the box) or rnode:/dev/ttyUSB0";

constexpr std::array kSettings = {
    Setting{"port", Kind::Text, "", "", "",
            "\"tcp:host:4242\" to a machine with Reticulum, \"tcp-listen:0.0.0.0:4242\" for phones "
            "that connect to the box, or an RNode: \"rnode:/dev/ttyUSB0\", \"rnode:host:port\"",
            true, true},
    Setting{"name", Kind::Text, "", "", "", "as others see it; empty: the village's", false, true},
    Setting{
        "key_file", Kind::SecretFile, "", "", "",
        "file of mode 0600 with the key of its address, 128 hex digits, for sections that share "
        "one; empty: it is made at the first start and kept in the store",
        false, true},
    Setting{"announce_every", Kind::Duration, "6h", "5m..30d", "",
            "how often it makes itself known; whoever asks for it is answered at any time", false,
            true},
    Setting{"text_bytes", Kind::Integer, "", "200..65536", "bytes",
            "longest text of one message; what is longer is read page by page. Empty: 8192 by TCP, "
            "and by an RNode 240, which is one packet",
            false, true},
    Setting{"message_bytes", Kind::Bytes, "256KiB", "1KiB..1MiB", "",
            "largest message that is taken, with its pictures and files, which are not kept", false,
            true},
    Setting{"max_stamp_cost", Kind::Integer, "16", "0..24", "bits",
            "of the proof of work that a recipient may ask for; each bit doubles it", false, true},
    Setting{"most_connections", Kind::Integer, "32", "1..500", "", "of phones, where it listens",
            false, true},
    Setting{"region", Kind::Choice, "", "EU868|EU433|US915|AU915|IN865|AS923", "",
            "of an RNode: whose law holds here, without it nothing is sent", false, true},
    Setting{"frequency", Kind::Integer, "", "137000000..1020000000", "Hz",
            "of an RNode, as the others of the network have it; so are the next three", false,
            true},
    Setting{"bandwidth", Kind::Integer, "125000", "7800..500000", "Hz", "of an RNode", false, true},
    Setting{"spreading_factor", Kind::Integer, "8", "7..12", "", "of an RNode", false, true},
    Setting{"coding_rate", Kind::Integer, "5", "5..8", "", "of an RNode: 5 is 4/5", false, true},
    Setting{"power", Kind::Integer, "14", "0..37", "dBm", "of an RNode", false, true},
    Setting{"antenna_gain", Kind::Text, "2.15", "", "dBi",
            "of an RNode's antenna; 2.15 is a dipole", false, true},
    Setting{"cable_loss", Kind::Text, "0", "", "dB", "between RNode and antenna", false, true},
    Setting{"share", Kind::Integer, "50", "1..100", "percent",
            "of the airtime that the law leaves the RNode in an hour", false, true},
    Setting{"shared_band", Kind::Text, "", "", "",
            "radios with the same name here, [trunk.*] and [meshtastic.*] too, keep to the law "
            "together; empty: each by itself",
            false, true},
};
constexpr Section kSection{"reticulum", true,
                           "The box's own address on Reticulum, for people with Sideband, NomadNet "
                           "or MeshChat (LXMF): doc/reticulum.md.",
                           kSettings};

[[noreturn]] void refuse_port(const std::string& port) {
    throw std::runtime_error("port: \"" + port + "\": " + kForms);
}

// "host:4242", "[::1]:4242"
TcpCarrierOptions tcp_place(const std::string& port, const std::string& place) {
    TcpCarrierOptions tcp;
    const std::size_t colon = place.rfind(':');
    if (colon == std::string::npos || colon == 0) refuse_port(port);
    tcp.host = place.substr(0, colon);
    if (tcp.host.front() == '[' && tcp.host.back() == ']')
        tcp.host = tcp.host.substr(1, tcp.host.size() - 2);
    const std::string digits = place.substr(colon + 1);
    const auto [end, error] =
        std::from_chars(digits.data(), digits.data() + digits.size(), tcp.port);
    if (error != std::errc() || end != digits.data() + digits.size() || tcp.port < 1 ||
        tcp.port > 65535 || tcp.host.empty())
        refuse_port(port);
    return tcp;
}

double number(const SectionValues& values, const char* key) {
    const std::string& text = values.text(key);
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(value))
        throw std::runtime_error(std::string(key) + ": " + text + " is no number");
    return value;
}

RnodeCarrierOptions rnode_options(const SectionValues& values, const std::string& place) {
    RnodeCarrierOptions rnode;
    if (place.empty()) refuse_port(values.text("port"));
    rnode.port = (place.front() == '/' ? "serial:" : "tcp:") + place;
    if (!values.has("region")) throw std::runtime_error("an RNode needs a region: whose law holds");
    if (!values.has("frequency"))
        throw std::runtime_error("an RNode needs a frequency, in Hz, as the network's others have");
    rnode.region = values.text("region");
    rnode.modem.frequency_hz = static_cast<std::uint32_t>(values.integer("frequency"));
    rnode.modem.lora.bandwidth_hz = static_cast<int>(values.integer("bandwidth"));
    rnode.modem.lora.spreading_factor = static_cast<int>(values.integer("spreading_factor"));
    rnode.modem.lora.coding_rate = static_cast<int>(values.integer("coding_rate"));
    rnode.modem.power_dbm = static_cast<int>(values.integer("power"));
    rnode.antenna_gain_dbi = number(values, "antenna_gain");
    rnode.cable_loss_db = number(values, "cable_loss");
    rnode.share_percent = static_cast<int>(values.integer("share"));
    return rnode;
}

std::unique_ptr<Carrier> carrier_of(const SectionValues& values, SharedBands& bands) {
    const std::string& port = values.text("port");
    const auto after = [&port](std::string_view head) { return port.substr(head.size()); };
    if (port.starts_with("rnode:")) {
        RnodeCarrierOptions rnode = rnode_options(values, after("rnode:"));
        const Allowance allowed = allowance(rnode);
        const std::string radio = "reticulum." + values.instance();
        if (values.has("shared_band"))
            rnode.band = bands.join(values.text("shared_band"), radio, radio, allowed.band,
                                    allowed.per_hour);
        return std::make_unique<RnodeCarrier>(std::move(rnode));
    }
    const bool listens = port.starts_with("tcp-listen:");
    if (!listens && !port.starts_with("tcp:")) refuse_port(port);
    TcpCarrierOptions tcp = tcp_place(port, after(listens ? "tcp-listen:" : "tcp:"));
    tcp.listens = listens;
    tcp.most_connections = static_cast<std::size_t>(values.integer("most_connections"));
    return std::make_unique<TcpCarrier>(std::move(tcp));
}

Secret key_of(const SectionValues& values) {
    if (!values.has("key_file")) return {};
    const auto secret = read_secret_file(values.text("key_file"));
    if (!secret.ok()) throw std::runtime_error(secret.error().text);
    auto bytes = from_hex(secret->reveal());
    if (!bytes || bytes->size() != kIdentity)
        throw std::runtime_error(
            "key_file: 128 hex digits are wanted; make one by: openssl rand -hex 64");
    return Secret(std::move(*bytes));
}

std::unique_ptr<Transport> make(SharedBands& bands, TransportId id, const SectionValues& values) {
    const bool by_radio = values.text("port").starts_with("rnode:");
    ReticulumOptions options;
    options.node.name = values.text("name");
    options.node.announce_every = values.duration("announce_every");
    options.node.max_stamp_cost = static_cast<int>(values.integer("max_stamp_cost"));
    options.node.most_message = static_cast<std::size_t>(values.bytes("message_bytes"));
    options.text_bytes = values.has("text_bytes")
                             ? static_cast<std::size_t>(values.integer("text_bytes"))
                             : (by_radio ? kTextOfOnePacket : kTextByTcp);
    options.key = key_of(values);
    return std::make_unique<ReticulumTransport>(std::move(id), std::move(options),
                                                carrier_of(values, bands));
}

}  // namespace

TransportKind reticulum_kind(std::shared_ptr<SharedBands> bands) {
    return {&kSection,
            [bands = std::move(bands)](TransportId id, const SectionValues& values) {
                return make(*bands, std::move(id), values);
            },
            {},
            {},
            true};
}

}  // namespace waypost::reticulum
