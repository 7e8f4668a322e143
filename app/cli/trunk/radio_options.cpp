// SPDX-License-Identifier: Apache-2.0
#include "app/cli/trunk/radio_options.h"

#include "app/cli/trunk/interrupt.h"
#include "radio/trunk/pairing.h"

namespace waypost::cli {
namespace {

std::string kind_names() {
    std::string names;
    for (const ModemKind& each : modem_kinds()) names += ", " + std::string(each.name);
    return names.substr(2);
}

std::string port_problem(const std::string& port) {
    if (port.rfind("serial:", 0) == 0 || port.rfind("tcp:", 0) == 0) return {};
    return port + ": a port is serial:/dev/NAME or tcp:host:port";
}

}  // namespace

void add_radio_options(CLI::App& command, RadioOptions& o, Sends sends) {
    command.add_option("--port", o.port, "serial:/dev/NAME or tcp:host:port")
        ->required()
        ->check(port_problem);
    command
        .add_option("--modem", o.modem,
                    "auto, or " + kind_names() +
                        ". auto asks what is there: a modem in a transparent mode sends on air "
                        "what it is asked, so name that one")
        ->capture_default_str();
    const bool required = sends == Sends::Yes;
    command
        .add_option("--frequency", o.frequency_hz, "centre of the channel, Hz; as the modem is set")
        ->check(CLI::Range(100'000'000, 1'020'000'000))
        ->required(required);
    command.add_option("--sf,--spreading-factor", o.lora.spreading_factor, "of LoRa modems")
        ->check(CLI::Range(7, 12))
        ->capture_default_str();
    command.add_option("--bw,--bandwidth", o.lora.bandwidth_hz, "Hz")
        ->check(CLI::Range(7'800, 1'000'000))
        ->capture_default_str();
    command.add_option("--cr,--coding-rate", o.lora.coding_rate, "5 to 8, of 4/5 to 4/8")
        ->check(CLI::Range(5, 8))
        ->capture_default_str();
    command.add_option("--preamble", o.lora.preamble_symbols, "symbols")
        ->check(CLI::Range(6, 1000))
        ->capture_default_str();
    command.add_option("--power", o.power_dbm, "dBm")
        ->check(CLI::Range(-9, 30))
        ->capture_default_str();
    command.add_option("--network-id", o.network, "XBee ID, LoRa sync word or Reyax network")
        ->check(CLI::Range(0, 65'535));
    command.add_option("--modem-option", o.modem_options, "NAME=VALUE, of one kind of modem only");
    if (sends == Sends::No) return;
    command
        .add_option("--region", o.region,
                    "whose law holds here, or nothing is sent: " + region_names())
        ->required();
    command.add_option("--antenna-gain", o.antenna_gain_dbi, "dBi")->capture_default_str();
    command.add_option("--cable-loss", o.cable_loss_db, "dB")->capture_default_str();
    command
        .add_option("--share", o.share_percent,
                    "percent of what the law leaves this radio in an hour; a gateway that uses it "
                    "in the same hour has the other half")
        ->check(CLI::Range(1, 100))
        ->capture_default_str();
    command.add_option("--ledger", o.ledger,
                       "file in which the airtime of the last hour is counted, over all starts");
}

void add_code_options(CLI::App& command, RadioOptions& o, bool required) {
    command
        .add_option(
            "--code-file", o.code_file,
            "file of mode 0600 with the pairing code (waypost trunk code), the same at both "
            "ends")
        ->required(required);
    command.add_flag("--typed", o.typed, "at the end where the code was typed in");
}

Result<ModemSettings> modem_settings(const RadioOptions& o) {
    ModemSettings settings;
    settings.frequency_hz = o.frequency_hz;
    settings.lora = o.lora;
    settings.power_dbm = o.power_dbm;
    settings.network = o.network;
    for (const std::string& each : o.modem_options) {
        const std::size_t equals = each.find('=');
        if (equals == std::string::npos || equals == 0)
            return bad_input("--modem-option: " + each + " is not NAME=VALUE");
        settings.more[each.substr(0, equals)] = each.substr(equals + 1);
    }
    return settings;
}

namespace {

Emission emission(const RadioOptions& o) {
    Emission e;
    e.region = o.region;
    e.frequency_hz = o.frequency_hz;
    e.bandwidth_hz = o.lora.bandwidth_hz;
    e.power_dbm = o.power_dbm;
    e.antenna_gain_dbi = o.antenna_gain_dbi;
    e.cable_loss_db = o.cable_loss_db;
    return e;
}

}  // namespace

Result<void> may_send(const RadioOptions& o) {
    const auto allowed = allowance(emission(o));
    return allowed.ok() ? Result<void>() : allowed.error();
}

Result<RadioSite> radio_site(const RadioOptions& o, const ModemKind& kind) {
    if (kind.amateur)
        return Error{Code::Refused,
                     std::string(kind.name) +
                         " is for amateur stations, which have a law of their own: it can be "
                         "listened to (waypost trunk listen)",
                     false};
    RadioSite site;
    site.region = o.region;
    site.emission = emission(o);
    site.lora = o.lora;
    site.is_lora = kind.lora;
    site.share_percent = o.share_percent;
    return site;
}

Result<std::optional<trunk::LinkSettings>> pairing(const RadioOptions& o) {
    if (o.code_file.empty()) return std::optional<trunk::LinkSettings>();
    const auto secret = read_secret_file(o.code_file);
    if (!secret.ok()) return secret.error();
    auto code = trunk::parse_pairing_code(secret->reveal());
    if (!code.ok()) return code.error();
    trunk::LinkSettings link;
    link.psk = std::move(code->psk);
    link.link = code->link;
    link.second = o.typed;
    return std::optional(std::move(link));
}

Result<trunk::ProbeKey> probe_key(const RadioOptions& o) {
    auto paired = pairing(o);
    if (!paired.ok()) return paired.error();
    if (!*paired) return trunk::ProbeKey();
    return trunk::ProbeKey((*paired)->psk.reveal());
}

Result<const ModemKind*> kind_at(const RadioOptions& o, const ModemSettings& settings,
                                 Random& random, const Clock& clock,
                                 const std::function<void(const std::string&)>& say) {
    if (o.modem != "auto") {
        const ModemKind* kind = modem_kind(o.modem);
        if (kind == nullptr)
            return bad_input("--modem: there is no " + o.modem + "; there are auto, " +
                             kind_names());
        return kind;
    }
    ModemSearch search(o.port, modem_kinds(), settings, random, clock);
    while (search.step(clock.box() + milliseconds(200))) {
        if (interrupted() > 0) return Error{Code::Timeout, "stopped while it was searched", true};
    }
    const auto found = search.result();
    if (!found.ok()) return found.error();
    std::string told = "found " + found->kind;
    for (const auto& [name, value] : found->details) told += ", " + name + ' ' + value;
    say(told);
    return modem_kind(found->kind);
}

}  // namespace waypost::cli
