// SPDX-License-Identifier: Apache-2.0
// What an operator may say of an XBee, from ModemSettings.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "radio/modem_kind.h"
#include "radio/xbee/api_framing.h"

namespace waypost::xbee {

struct AtLine {
    std::string name;   // two characters
    std::string value;  // empty: an order or a question
};

struct Settings {
    std::optional<ApiMode> api;  // nullopt: as found; of a module without API mode: escaped
    bool direct = false;         // point to multipoint: no mesh, one hop
    bool acks = true;            // of the radio link, on frames to one module
    std::optional<int> speed;    // of the serial line, bit/s; nullopt: as found
    std::vector<AtLine> init;    // in their order
};

inline constexpr std::string_view kSettingsHelp =
    "api: 1 or 2; direct: yes, no mesh; acks: no, none on air; speed: of the serial line, written "
    "to the module; init: AT lines as \"MT=1; NH=2\", numbers in hex, NI and KY as in Digi's tools";

// Throws std::runtime_error with a sentence for the operator.
Settings read_settings(const ModemSettings& settings);

bool is_text(std::string_view name);  // of a value that is letters, not a number

// The parameter BD of a speed; nullopt: there is none for it.
std::optional<int> bd_of(int speed);

}  // namespace waypost::xbee
