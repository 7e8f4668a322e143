// SPDX-License-Identifier: Apache-2.0
#include <cstdint>

#include "driven_radio.h"
#include "radio/lora_modem/rylr998/driver.h"
#include "radio/lora_modem/rylr998/payload.h"

// Whatever a module says, during its set-up and after it; and what is heard as text.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace waypost;
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    ModemSettings settings;
    settings.lora = {.spreading_factor = 9, .bandwidth_hz = 125'000, .preamble_symbols = 8};
    settings.more["payload"] = "binary";
    rylr998::Driver raw{settings};
    DrivenRadio fresh(raw);
    fresh.feed(bytes, 7);
    fresh.close();

    rylr998::Driver driver{settings};
    DrivenRadio ready(driver);
    static constexpr std::string_view kAgreed =
        "+OK\r\n+VER=RYLR998_REYAX_V1.2.3\r\n+MODE=0\r\n+BAND=868500000\r\n+NETWORKID=18\r\n"
        "+ADDRESS=7\r\n+PARAMETER=9,7,1,8\r\n+CRFOP=14\r\n";
    ready.feed(kAgreed, kAgreed.size());
    if (!driver.ready()) std::abort();
    ready.feed(bytes, 64);
    ready.close();

    const auto frame = rylr998::frame_of(bytes);
    if (frame && !bytes.empty() && bytes[0] == '~' && rylr998::as_text(*frame) != bytes)
        std::abort();
    return 0;
}
