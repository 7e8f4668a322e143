// SPDX-License-Identifier: Apache-2.0
// Settings of a trunk link.
#include <array>
#include <cmath>
#include <stdexcept>

#include "gateway/base/secret.h"
#include "radio/trunk/pairing.h"
#include "radio/trunk/transport/trunk_transport.h"

namespace waypost::trunk {
namespace {

using Kind = Setting::Kind;

constexpr std::array kSettings = {
    Setting{"neighbour", Kind::Text, "", "", "", "mail domain of the other box: \"dale.example\"",
            true, true},
    Setting{"port", Kind::Text, "", "", "",
            "\"serial:/dev/ttyUSB0\" or \"tcp:host:8001\"; sections of one port share its modem",
            true, true},
    Setting{"modem", Kind::Text, "auto", "", "",
            "which modem is there: rn2483, rylr998, e22, rnode, xbee, xbee-transparent, kiss; auto "
            "finds the first four by itself",
            false, true},
    Setting{"code_file", Kind::SecretFile, "", "", "",
            "file of mode 0600 with the pairing code, the same at both boxes", true, true},
    Setting{"typed", Kind::Boolean, "false", "", "",
            "true at the box where the code was typed in, false where it was made", false, true},
    Setting{"carries", Kind::List, "", "", "",
            "mail domains beside the neighbour's own; \"*\": all that has no other way", false,
            true},
    Setting{"trusted", Kind::Boolean, "false", "", "", "the neighbour's mail may go to the outside",
            false, true},
    Setting{"service", Kind::Choice, "licence-free", "licence-free|amateur", "",
            "amateur: a radio of its own under the operator's licence; nothing is encrypted, at "
            "both boxes alike",
            false, true},
    Setting{"call_sign", Kind::Text, "", "", "", "of an amateur station: \"DB0ABC\"", false, true},
    Setting{"licensed", Kind::List, "", "", "",
            "handles of persons with an amateur licence: what they write goes by an amateur "
            "station, all else waits for the operator",
            false, true},
    Setting{"region", Kind::Choice, "", "EU868|EU433|US915|AU915|IN865|AS923|R1|R2|R3|US", "",
            "whose law holds here, without it nothing is sent; of an amateur station R1, R2, R3 "
            "(ITU) or US",
            true, true},
    Setting{"frequency", Kind::Integer, "", "100000000..1000000000", "Hz", "centre of the channel",
            true, true},
    Setting{"bandwidth", Kind::Integer, "250000", "7800..1000000", "Hz", "of the signal", false,
            true},
    Setting{"spreading_factor", Kind::Integer, "11", "7..12", "", "of LoRa modems", false, true},
    Setting{"coding_rate", Kind::Integer, "5", "5..8", "", "of LoRa modems: 5 is 4/5", false, true},
    Setting{"preamble", Kind::Integer, "8", "6..1000", "symbols", "of LoRa modems", false, true},
    Setting{
        "speeds", Kind::List, "", "", "",
        "faster speeds of LoRa modems, the same list at both boxes: [\"SF9/250\", \"SF7/250\"]; "
        "which of them is used, the two boxes agree by what they hear",
        false, true},
    Setting{"power", Kind::Integer, "14", "-9..30", "dBm", "to which the modem is set", false,
            true},
    Setting{"antenna_gain", Kind::Text, "2.15", "", "dBi", "of the antenna; 2.15 is a dipole",
            false, true},
    Setting{"cable_loss", Kind::Text, "0", "", "dB", "between modem and antenna", false, true},
    Setting{"network_id", Kind::Integer, "0", "0..65535", "",
            "XBee ID, LoRa sync word or Reyax network; 0: as the modem is set", false, true},
    Setting{"modem_options", Kind::List, "", "", "",
            "of one kind of modem only, \"NAME=VALUE\": see its README", false, true},
    Setting{
        "models", Kind::Path, "trunk-models", "", "",
        "folder of the models that pack texts, beside the store; built at the first start, 90 MB. "
        "Empty: none; an amateur station then packs nothing at all",
        false, true},
    Setting{"training", Kind::List, "/usr/share/waypost/trunk-training", "", "",
            "folders with the texts that the models learn from; both boxes need the same", false,
            true},
    Setting{
        "give_back_after", Kind::Duration, "12h", "0s..30d", "",
        "what waits for a neighbour that does not answer for so long goes another way, if there "
        "is one; 0s: it waits here",
        false, true},
    Setting{"share", Kind::Integer, "50", "1..100", "percent",
            "of the airtime that the law leaves this radio in an hour", false, true},
    Setting{"shared_band", Kind::Text, "", "", "",
            "radios with the same name here, [meshtastic.*] too, keep to the law together; empty: "
            "each by itself",
            false, true},
};
constexpr Section kSection{"trunk", true,
                           "A link to a neighbour's box over a frame radio (XBee, LoRa modems).",
                           kSettings};

double number(const SectionValues& values, const char* key) {
    const std::string& text = values.text(key);
    std::size_t used = 0;
    double value = 0;
    try {
        value = std::stod(text, &used);
    } catch (const std::exception&) {
        used = 0;
    }
    if (used != text.size() || !std::isfinite(value))
        throw std::runtime_error(std::string(key) + ": " + text + " is no number");
    return value;
}

LinkSettings pairing(const SectionValues& values) {
    auto secret = read_secret_file(values.text("code_file"));
    if (!secret.ok()) throw std::runtime_error("code_file: " + secret.error().text);
    auto code = parse_pairing_code(secret->reveal());
    if (!code.ok()) throw std::runtime_error("code_file: " + code.error().text);
    LinkSettings link;
    link.psk = std::move(code->psk);
    link.link = code->link;
    link.second = values.boolean("typed");
    return link;
}

const ModemKind& kind_of_modem(const SectionValues& values) {
    const std::string& name = values.text("modem");
    const ModemKind* kind = modem_kind(name);
    if (kind == nullptr) {
        std::string known;
        for (const ModemKind& each : modem_kinds())
            known += (known.empty() ? "" : ", ") + std::string(each.name);
        throw std::runtime_error("modem: there is no " + name + "; there are " + known);
    }
    return *kind;
}

std::uint32_t frequency(const SectionValues& values) {
    return static_cast<std::uint32_t>(values.integer("frequency"));
}

ModemSettings modem_settings(const SectionValues& values, const ModemKind& kind) {
    ModemSettings modem;
    if (kind.lora) modem.frequency_hz = frequency(values);
    modem.lora.spreading_factor = static_cast<int>(values.integer("spreading_factor"));
    modem.lora.bandwidth_hz = static_cast<int>(values.integer("bandwidth"));
    modem.lora.coding_rate = static_cast<int>(values.integer("coding_rate"));
    modem.lora.preamble_symbols = static_cast<int>(values.integer("preamble"));
    modem.power_dbm = static_cast<int>(values.integer("power"));
    modem.network = static_cast<std::uint32_t>(values.integer("network_id"));
    for (const std::string& each : values.list("modem_options")) {
        const std::size_t equals = each.find('=');
        if (equals == std::string::npos || equals == 0)
            throw std::runtime_error("modem_options: " + each + " is not NAME=VALUE");
        modem.more[each.substr(0, equals)] = each.substr(equals + 1);
    }
    return modem;
}

RadioOptions radio_options(const SectionValues& values, SharedBands& bands) {
    RadioOptions radio;
    radio.port = values.text("port");
    if (radio.port.rfind("serial:", 0) != 0 && radio.port.rfind("tcp:", 0) != 0)
        throw std::runtime_error(radio.port + ": port is serial:/dev/NAME or tcp:host:port");
    radio.modem = values.text("modem");
    const ModemKind& kind = kind_of_modem(values);
    radio.modem_settings = modem_settings(values, kind);
    radio.amateur = amateur_options(values, kind, radio.modem_settings);
    const ModemSettings& modem = radio.modem_settings;
    radio.site.emission.frequency_hz = frequency(values);
    radio.site.emission.bandwidth_hz = modem.lora.bandwidth_hz;
    radio.site.emission.power_dbm = modem.power_dbm;
    radio.site.emission.antenna_gain_dbi = number(values, "antenna_gain");
    radio.site.emission.cable_loss_db = number(values, "cable_loss");
    radio.site.region = values.text("region");
    radio.site.amateur = radio.amateur.has_value();
    radio.site.lora = modem.lora;
    radio.speeds = parse_speeds(values.list("speeds"), modem.lora);
    if (!radio.speeds.empty() && !kind.lora)
        throw std::runtime_error("speeds: " + std::string(kind.name) + " is no LoRa modem");
    // The operator hears why not, before anything starts.
    const Allowance allowed = allowance(radio.site);
    if (values.has("shared_band"))
        radio.band = bands.join(values.text("shared_band"), radio_name(radio.port),
                                "trunk." + values.instance(), allowed.band, allowed.per_hour);
    radio.site.is_lora = kind.lora;
    radio.site.share_percent = static_cast<int>(values.integer("share"));
    return radio;
}

// The radios of a configuration, by their ports.
class Radios {
  public:
    explicit Radios(std::shared_ptr<SharedBands> bands) : bands_(std::move(bands)) {}

    // Throws std::runtime_error if another section of this port says something else of the modem,
    // or has the same pairing.
    std::shared_ptr<TrunkRadio> of(const SectionValues& values, const LinkSettings& link) {
        OnPort& port = ports_[values.text("port")];
        auto radio = port.radio.lock();
        if (!radio) {
            radio = std::make_shared<TrunkRadio>(radio_options(values, *bands_));
            port = {radio, {}};
        }
        for (const Known& other : port.sections) {
            const std::string both =
                "[trunk." + other.values.instance() + "] and [trunk." + values.instance() + "]";
            if (const char* key = differs(other.values, values))
                throw std::runtime_error(both + " have one port, thus one modem, and differ in " +
                                         key + ": say the same in both");
            if (!values.list("speeds").empty() || !other.values.list("speeds").empty())
                throw std::runtime_error(both +
                                         " have one port, thus one modem, which cannot be at " +
                                         "two speeds: leave speeds out of both");
            if (other.psk.reveal() == link.psk.reveal())
                throw std::runtime_error(both + " have the same pairing code: each neighbour " +
                                         "needs one of its own (waypost trunk code)");
        }
        port.sections.push_back({values, Secret(std::string(link.psk.reveal()))});
        return radio;
    }

  private:
    struct Known {
        SectionValues values;
        Secret psk;
    };
    struct OnPort {
        std::weak_ptr<TrunkRadio> radio;  // of the transports
        std::vector<Known> sections;
    };
    static const char* differs(const SectionValues& a, const SectionValues& b) {
        for (const char* key : kOfRadio)
            if (a.text(key) != b.text(key)) return key;
        for (const char* key : {"modem_options", "licensed"})
            if (a.list(key) != b.list(key)) return key;
        return nullptr;
    }
    static constexpr std::array kOfRadio = {
        "service",      "call_sign",        "modem",       "region",   "frequency",
        "bandwidth",    "spreading_factor", "coding_rate", "preamble", "power",
        "antenna_gain", "cable_loss",       "network_id",  "share",    "shared_band"};

    const std::shared_ptr<SharedBands> bands_;
    std::map<std::string, OnPort> ports_;
};

std::unique_ptr<Transport> make(Radios& radios, TransportId id, const SectionValues& values) {
    TrunkOptions options;
    options.carries = values.list("carries");
    const auto domain = parse_address("mailto:x@" + values.text("neighbour"));
    if (!domain.ok())
        throw std::runtime_error("neighbour: " + values.text("neighbour") + " is no mail domain");
    options.post.domain = domain->domain();
    options.post.peer = values.instance();
    options.post.trusted = values.boolean("trusted");
    options.post.give_back_after = values.duration("give_back_after");
    options.post.link = pairing(values);
    options.models = values.text("models");
    options.training = values.list("training");
    options.radio = radios.of(values, options.post.link);
    if (const auto& amateur = options.radio->amateur()) {
        options.post.link.form = Form::Clear;
        options.post.licensed = amateur->licensed;
        options.post.casts = false;  // a cast's rows are sealed under a key of their own
    }
    return std::make_unique<TrunkTransport>(std::move(id), std::move(options));
}

}  // namespace

TransportKind trunk_kind(std::shared_ptr<SharedBands> bands) {
    const auto radios = std::make_shared<Radios>(std::move(bands));
    return {&kSection,
            [radios](TransportId id, const SectionValues& values) {
                return make(*radios, std::move(id), values);
            },
            {},
            {}};
}

}  // namespace waypost::trunk
