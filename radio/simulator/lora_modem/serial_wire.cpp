// SPDX-License-Identifier: Apache-2.0
#include "radio/simulator/lora_modem/serial_wire.h"

#include <algorithm>

namespace waypost::simulator {

void SerialWire::put(std::string_view bytes, BoxTime now) {
    last_us_ = std::max(last_us_, to_ms(now) * 1000);
    for (const char byte : bytes) {
        last_us_ += 10'000'000 / baud_;  // 8N1: ten bits
        on_way_.emplace_back(last_us_, byte);
    }
}

std::string SerialWire::take(BoxTime now) {
    std::string through;
    while (!on_way_.empty() && at(on_way_.front().first) <= now) {
        through += on_way_.front().second;
        on_way_.pop_front();
    }
    return through;
}

}  // namespace waypost::simulator
