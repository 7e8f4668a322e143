// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/base/clock.h"

namespace waypost::lora_modem {

// Of so many bytes on the line to the modem, ten bits each.
inline milliseconds serial_time(std::size_t bytes, int baud) {
    const auto rate = static_cast<std::size_t>(baud);
    return milliseconds((bytes * 10'000 + rate - 1) / rate);
}

}  // namespace waypost::lora_modem
