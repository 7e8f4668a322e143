// SPDX-License-Identifier: Apache-2.0
#include <cstdint>

#include "driven_radio.h"
#include "radio/lora_modem/rn2483/driver.h"

// Whatever a module says, during its set-up and (as one that agrees to all) after it.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace waypost;
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    rn2483::Driver raw{ModemSettings{}};
    DrivenRadio fresh(raw);
    fresh.feed(bytes, 7);
    fresh.close();

    rn2483::Driver driver{ModemSettings{}};
    DrivenRadio ready(driver);
    static constexpr std::string_view kAgreed =
        "RN2483 1.0.5 "
        "x\r\nok\r\n1\r\nok\r\nok\r\nlora\r\nok\r\n14\r\nok\r\nsf11\r\nok\r\n250\r\nok\r\n"
        "4/5\r\nok\r\n8\r\nok\r\non\r\nok\r\noff\r\nok\r\n60000\r\n";
    ready.feed(kAgreed, kAgreed.size());
    if (!driver.ready()) std::abort();
    ready.feed(bytes, 64);
    ready.close();
    return 0;
}
