// SPDX-License-Identifier: Apache-2.0
// How app/ learns of a kind of transport: one value per radio or bridge, listed in
// app/transports.cpp. Nothing registers itself.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "gateway/config/setting.h"
#include "gateway/original.h"
#include "gateway/transport.h"

namespace waypost {

// Hardware that is plugged in now and answers like a device of this kind.
struct FoundDevice {
    std::string instance;  // stable: a serial number, "usb-0123abcd"
    std::map<std::string, std::string>
        values;  // settings it needs: {"port", "serial:/dev/ttyACM0"}
};

struct TransportKind {
    const Section* section;
    // Throws std::runtime_error with a sentence for the operator if the values make no sense.
    std::function<std::unique_ptr<Transport>(TransportId, const SectionValues&)> make;
    // Those known by now; asks nobody and does not wait. Empty function: this kind has no hardware
    // to find.
    std::function<std::vector<FoundDevice>()> discover;
    // Takes an attachment out of an original of the network that has this section's name. Empty:
    // its originals have none.
    OpenAttachment open_attachment{};
    // One instance may be stopped and made anew with other settings while the gateway runs: no
    // other part of the gateway holds to it.
    bool alone = false;
};

}  // namespace waypost
