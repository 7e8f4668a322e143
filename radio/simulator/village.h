// SPDX-License-Identifier: Apache-2.0
// `waypost simulate village.toml`: simulated radios on one channel in real time. Some are devices
// for a gateway, on TCP or a pseudo terminal; the others are handhelds in people's hands, spoken to
// by lines (console.h has them all):
//   ana: SOS car in the ford     Ana's handheld sends that to the first device
//   ana>ben: hello               ... to Ben's handheld
//   ana off | ana on             out of reach, and back
//   quit
// What handhelds show comes back as lines: "ana sees: 7 kept", "ana tick: heard by the radio post".
#pragma once

#include <functional>
#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gateway/base/result.h"

namespace waypost::simulator {

struct VillageNode {
    std::string name;
    std::string long_name;
    std::string short_name;
    std::uint32_t number = 0;  // 0: from its key, as fresh nodes of firmware 2.8 do
    // "tcp:127.0.0.1:4403" (port 0: any free one), "pty:/path/of/the/link"; none for a handheld.
    // One host at a time, the newest, whichever way it came.
    std::vector<std::string> ports;
    std::optional<std::pair<double, double>> position;  // metres east and north
    bool on = true;
    bool router = false;
    int hop_limit = 3;
};

struct VillageLink {
    std::string a, b;
    double loss = 0;
    double snr = 8;
};

struct Village {
    std::vector<VillageNode> nodes;
    std::vector<VillageLink> links;
    int preset = 0;
    int region = 3;
    double loss = 0;
    double speed = 1;  // virtual seconds in a real one
    std::uint64_t seed = 1;
    bool met = true;      // everybody holds everybody's key from the start
    std::string control;  // path of a Unix socket that takes the same lines; empty: none
};

// Errors name file and line. `file` is for them alone.
Result<Village> parse_village(std::string_view text, const std::string& file);
Result<Village> load_village(const std::string& file);

struct VillageOptions {
    Village village;
    bool json = false;  // events as JSON, one object a line
    int input = 0;      // commands come from this descriptor; -1: from nowhere
    int output = 1;     // events go there: they are what it is run for
};

// Beside the real clock, until "quit", the end of the input (without a control socket), SIGINT or
// SIGTERM. All on the caller's thread. Network: a port or the control path cannot be had.
Result<void> run_village(const VillageOptions& options);

// In virtual time, as fast as the machine can: lines like "12.5 ana: hello" (seconds from the
// start), then two minutes more. Devices have no hosts. The same input gives the same output.
Result<void> play_script(const Village& village, std::istream& script, bool json,
                         const std::function<void(const std::string& line)>& out);

}  // namespace waypost::simulator
