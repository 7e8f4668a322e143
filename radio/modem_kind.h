// SPDX-License-Identifier: Apache-2.0
// How the rest learns of a kind of modem: one value per driver, listed in radio/modems.cpp.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string_view>

#include "gateway/base/random.h"
#include "radio/airtime/airtime.h"
#include "radio/frame_radio.h"

namespace waypost {

// What an operator may say of any frame radio. A modem that cannot do what is asked never gets
// ready, and why_down() says which value it refuses.
struct ModemSettings {
    std::uint32_t frequency_hz = 0;  // 0: as the modem is set
    LoraParams lora{.preamble_symbols = 8};
    int power_dbm = 14;
    std::uint32_t network = 0;  // XBee ID, LoRa sync word, Reyax network; 0: as the modem is set
    std::map<std::string, std::string> more;  // of one kind only: ModemKind::more
};

struct ModemKind {
    std::string_view name;  // "xbee", "rn2483": in the configuration
    std::string_view help;  // which products, in one line
    std::string_view more;  // names of ModemSettings::more with their meaning
    int baud;               // at which its line is opened
    // True: a modem of another kind takes no harm from its start-up, this one takes none for its
    // own, and details() is empty until it knows it. Ports are searched with such kinds only.
    bool identifies;
    // True: it is a LoRa modem that is set by ModemSettings, so that a frame's bytes say how long
    // it is on air. Else frequency and rate are the module's own affair.
    bool lora;
    // True: an amateur station's, on whose bands nothing may be sealed.
    bool amateur;
    // Throws std::runtime_error with a sentence for the operator if the settings make no sense.
    std::function<std::unique_ptr<FrameRadio>(const ModemSettings&, Random&)> make;
};

std::span<const ModemKind> modem_kinds();
const ModemKind* modem_kind(std::string_view name);  // nullptr: there is none

}  // namespace waypost
