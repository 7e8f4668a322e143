// SPDX-License-Identifier: Apache-2.0
// Every kind of modem, a line each; the first that answers is taken where a port is searched.
#include <algorithm>
#include <vector>

#include "radio/auto_modem.h"
#include "radio/kiss/kiss_radio.h"
#include "radio/lora_modem/e22/driver.h"
#include "radio/lora_modem/rn2483/driver.h"
#include "radio/lora_modem/rylr998/driver.h"
#include "radio/modem_kind.h"
#include "radio/rnode/rnode_radio.h"
#include "radio/xbee/xbee.h"

namespace waypost {

namespace {

ModemKind auto_kind() {
    return {"auto",
            "whichever LoRa modem or RNode is there; XBee and KISS modems have to be named",
            "those of the modem that is there",
            115'200,
            false,
            true,
            false,
            [](const ModemSettings& settings, Random& random) -> std::unique_ptr<FrameRadio> {
                ModemSettings theirs = settings;
                const auto first = theirs.more.extract(AutoModem::kFirst);
                return std::make_unique<AutoModem>(modem_kinds(), std::move(theirs),
                                                   first ? first.mapped() : std::string(), random);
            }};
}

}  // namespace

std::span<const ModemKind> modem_kinds() {
    static const std::vector<ModemKind> kKinds = {
        kiss::kiss_kind(), rnode::rnode_kind(), xbee_kind(), xbee_transparent_kind(),
        rn2483::kind(),    rylr998::kind(),     e22::kind(), auto_kind(),
    };
    return kKinds;
}

const ModemKind* modem_kind(std::string_view name) {
    const auto kinds = modem_kinds();
    const auto found =
        std::find_if(kinds.begin(), kinds.end(), [&](const auto& k) { return k.name == name; });
    return found == kinds.end() ? nullptr : &*found;
}

}  // namespace waypost
