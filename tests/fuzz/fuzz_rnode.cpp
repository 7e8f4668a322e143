// SPDX-License-Identifier: Apache-2.0
#include <cstdint>
#include <cstdlib>

#include "radio/rnode/rnode_radio.h"

// Whatever a device says in any state of the driver: each frame has its one report in the end.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace waypost;
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    rnode::Options options;
    options.frequency_hz = 869'525'000;
    options.lora = {7, 125'000, 5, 18, true, true};
    rnode::RnodeRadio radio(options);
    BoxTime now = box_from_ms(1'000'000);
    radio.opened(now);
    std::size_t sent = 0, reported = 0;
    const auto count = [&](const RadioActions& actions) {
        reported += actions.reports.size();
        for (const auto& frame : actions.heard) {
            if (frame.bytes.size() > rnode::kTwoFrames) std::abort();
        }
    };
    for (std::size_t at = 0; at < bytes.size(); at += 16) {
        now += milliseconds(700);
        count(radio.tick(now));
        count(radio.received(bytes.substr(at, 16), now));
        ++sent;
        count(radio.send({static_cast<std::uint32_t>(sent), "x", ""}, now));
        if (radio.airtime(254) <= std::chrono::microseconds(0)) std::abort();
        if (radio.ready() != radio.why_down().empty()) std::abort();
    }
    radio.details();
    count(radio.closed(now));
    if (sent != reported) std::abort();
    return 0;
}
