// SPDX-License-Identifier: Apache-2.0
// What `waypost nncp call` and `waypost nncp serve` have in common.
#pragma once

#include <atomic>

#include "app/cli/nncp_cli.h"
#include "bridges/nncp/online/online.h"

namespace waypost::cli {

// The options of the command line, before they are looked at.
struct OnlineWords {
    bool receive_only = false, transmit_only = false, once = false;
    std::string nice;
    int receive_rate = -1, transmit_rate = -1;
    std::uint64_t receive_bytes = 0, transmit_bytes = 0;
    int online_deadline = 0, max_online = 0, deadline = 0;
};
void add_online_options(CLI::App& command, OnlineWords& words);
Result<nncp::OnlineOptions> options_of(const OnlineWords& words);

// How a session went, for people and for programs.
void print_report(const Context& context, const nncp::OnlineReport& report);

// Set by SIGINT and SIGTERM, once catch_stop() was called.
const std::atomic<bool>& stop_flag();
void catch_stop();

}  // namespace waypost::cli
