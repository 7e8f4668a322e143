// SPDX-License-Identifier: Apache-2.0
// What all tools of a radio are told: which modem at which port, how it is set, whose law holds.
// The names are those of [trunk.*] in the configuration.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "gateway/base/clock.h"
#include "radio/modem_kind.h"
#include "radio/modem_search.h"
#include "radio/trunk/link.h"
#include "radio/trunk/tools/probe_frame.h"
#include "radio/trunk/transport/law.h"

namespace waypost::cli {

struct RadioOptions {
    std::string port;
    std::string modem = "auto";
    std::uint32_t frequency_hz = 0;
    LoraParams lora{.spreading_factor = 11, .bandwidth_hz = 250'000, .preamble_symbols = 8};
    int power_dbm = 14;
    std::uint32_t network = 0;
    std::vector<std::string> modem_options;  // NAME=VALUE
    // Of who sends.
    std::string region;
    double antenna_gain_dbi = 2.15;
    double cable_loss_db = 0;
    int share_percent = 50;
    std::string ledger;
    // Of the pair; may be empty.
    std::string code_file;
    bool typed = false;
};

enum class Sends { No, Yes };
void add_radio_options(CLI::App& command, RadioOptions& options, Sends sends);
void add_code_options(CLI::App& command, RadioOptions& options, bool required);

Result<ModemSettings> modem_settings(const RadioOptions& options);
// An Error that says what to set, before anything is opened, if nothing may be sent.
Result<void> may_send(const RadioOptions& options);
// Of who sends. Refused: the kind is for amateur stations.
Result<RadioSite> radio_site(const RadioOptions& options, const ModemKind& kind);
// What the code file says, for a link; nothing where there is none.
Result<std::optional<trunk::LinkSettings>> pairing(const RadioOptions& options);
Result<trunk::ProbeKey> probe_key(const RadioOptions& options);

// The kind that was named or, for "auto", the one that is found at the port; `say` hears of it.
Result<const ModemKind*> kind_at(const RadioOptions& options, const ModemSettings& settings,
                                 Random& random, const Clock& clock,
                                 const std::function<void(const std::string&)>& say);

}  // namespace waypost::cli
