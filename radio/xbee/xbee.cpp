// SPDX-License-Identifier: Apache-2.0
#include "radio/xbee/xbee.h"

#include <stdexcept>

#include "radio/xbee/session.h"
#include "radio/xbee/transparent.h"

namespace waypost {
namespace {

constexpr int kFactoryBaud = 9600;

}  // namespace

// Its start-up sends "+++" and a short frame: a modem of another kind that is not in command mode
// may put those on air, so ports are not searched with it.
ModemKind xbee_kind() {
    return {"xbee",
            "Digi XBee SX, 900HP, 868LP and DigiMesh in API mode",
            xbee::kSettingsHelp,
            kFactoryBaud,
            false,
            false,
            false,
            [](const ModemSettings& settings, Random& random) -> std::unique_ptr<FrameRadio> {
                return std::make_unique<xbee::Session>(xbee::read_settings(settings), kFactoryBaud,
                                                       random);
            }};
}

ModemKind xbee_transparent_kind() {
    return {"xbee-transparent",
            "Digi XBee whose peers are in transparent mode",
            "none: set the module by Digi's tools",
            kFactoryBaud,
            false,
            false,
            false,
            [](const ModemSettings& settings, Random&) -> std::unique_ptr<FrameRadio> {
                if (!settings.more.empty() || settings.network != 0 || settings.frequency_hz != 0) {
                    throw std::runtime_error("xbee-transparent: set the module by Digi's tools");
                }
                return std::make_unique<xbee::Transparent>(kFactoryBaud);
            }};
}

}  // namespace waypost
