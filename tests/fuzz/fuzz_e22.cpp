// SPDX-License-Identifier: Apache-2.0
#include <cstdint>

#include "driven_radio.h"
#include "radio/lora_modem/e22/driver.h"

// Whatever a module says in configuration mode, and on the pipe with and without RSSI bytes.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace waypost;
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    ModemSettings settings;
    e22::Driver fresh{settings};
    DrivenRadio configured(fresh);
    configured.feed(bytes, 5);
    configured.close();
    for (const char* rssi : {"yes", "no"}) {
        settings.more = {{"configured", "yes"}, {"rssi", rssi}};
        e22::Driver driver{settings};
        DrivenRadio pipe(driver);
        pipe.feed(bytes, 3);
        pipe.feed(bytes, 64);
        pipe.close();
    }
    return 0;
}
