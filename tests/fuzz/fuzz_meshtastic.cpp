// SPDX-License-Identifier: Apache-2.0
#include <cstdint>

#include "radio/meshtastic/session.h"

// Whatever a device sends, framed or not, before and after a handshake.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace waypost;
    const auto random = seeded_random(1);
    meshtastic::Session session({}, *random);
    BoxTime now = box_from_ms(1'000'000);
    session.opened(now);
    session.send({{1, 1}, 7, 8, "hi", 0, false}, now);
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    session.received(bytes, now);
    if (session.ask_signal(9, now).ok()) session.tick(now);
    for (std::size_t at = 0; at < bytes.size(); at += meshtastic::kMaxFrame) {
        now += milliseconds(100);
        session.received(meshtastic::frame(bytes.substr(at, meshtastic::kMaxFrame)), now);
    }
    session.tick(now + std::chrono::minutes(10));
    return 0;
}
