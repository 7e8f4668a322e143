// SPDX-License-Identifier: Apache-2.0
// Sessions of this node: it calls one, or answers over a line that is there.
#pragma once

#include <atomic>
#include <functional>
#include <optional>

#include "bridges/nncp/node/node_config.h"
#include "bridges/nncp/online/line.h"
#include "bridges/nncp/online/session.h"
#include "bridges/nncp/spool/spool.h"

namespace waypost::nncp {

// What is wanted of a session, where it differs from what the configuration says of the node.
struct OnlineOptions {
    bool receive = true, transmit = true;
    Nice nice = 255;                                      // nothing less urgent, either way
    std::optional<int> receive_rate, transmit_rate;       // units per second; 0: no limit
    std::uint64_t receive_bytes = 0, transmit_bytes = 0;  // per second; 0: no limit
    std::optional<std::chrono::seconds> online_deadline, max_online;
    std::chrono::milliseconds line_deadline{10000};
    bool once = false;  // the caller hangs up as soon as nothing is left to do
    bool sync = true;   // false where NNCPNOSYNC is set
};

// With NNCPDEADLINE (seconds) and NNCPNOSYNC of the environment.
OnlineOptions online_defaults();

struct OnlineHome {  // both outlive the sessions
    const NodeConfig& config;
    const Spool& spool;
    const std::atomic<bool>& stop;  // set: sessions end within half a second
};

// Called by the threads of the sessions, which wait for it.
struct OnlineWatch {
    std::function<void(const Node&, const SessionEvent&)> event;
    std::function<void(const Node&, const SessionStats&)> progress;
};

struct OnlineReport {
    const Node* node = nullptr;  // null: it was never known who called
    std::string address;
    SessionStats stats;
    double seconds = 0;
    bool well = false;
    Error why;
};

// Whole sessions. `address`: a label of the node's addresses, or an address (line.h); empty: each
// of the node's until one answers. An Error: no session came about.
Result<OnlineReport> call(const OnlineHome& home, const Node& node, const std::string& address,
                          const OnlineOptions& options, const OnlineWatch& watch);
OnlineReport answer(const OnlineHome& home, Line& line, const OnlineOptions& options,
                    const OnlineWatch& watch);

}  // namespace waypost::nncp
