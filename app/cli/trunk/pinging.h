// SPDX-License-Identifier: Apache-2.0
// The loop that `ping` and `survey` share: pings over an open radio until their count or a stop.
#pragma once

#include <functional>

#include "app/cli/trunk/open_radio.h"
#include "radio/trunk/tools/pinger.h"

namespace waypost::cli {

struct PingOptions {
    RadioOptions radio;
    double every_s = 10;
    int count = 0;
    std::size_t bytes = trunk::kPingBytes;
};
void add_ping_options(CLI::App& command, PingOptions& options);

// `result` hears of each ping; `between` is asked now and then whether to go on. Refused: what is
// sent could not be written down.
Result<void> ping(const PingOptions& options, OpenRadio& radio,
                  const std::function<void(const trunk::PingResult&)>& result,
                  const std::function<bool()>& between);

}  // namespace waypost::cli
