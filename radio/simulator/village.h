// SPDX-License-Identifier: Apache-2.0
// `waypost simulate village.toml`: simulated radios on one channel in real time. Some are devices
// for a gateway, on TCP; the others are handhelds in people's hands, spoken to by lines:
//   ana: SOS car in the ford     Ana's handheld sends that to the gateway
//   ana>ben: hello               ... to Ben's handheld
//   ana off | ana on             out of reach, and back
//   quit
// What handhelds show comes back as lines: "ana sees: 7 kept", "ana tick: heard by hill post".
#pragma once

#include <string>
#include <vector>

#include "gateway/base/result.h"
#include "radio/simulator/device.h"

namespace waypost::simulator {

struct VillageNode {
    std::string name;
    std::string long_name;
    std::uint32_t number = 0;
    std::string port;  // "tcp:127.0.0.1:4403" for a device; empty for a handheld
};

struct VillageLink {
    std::string a, b;
    double loss = 0;
};

struct Village {
    std::vector<VillageNode> nodes;
    std::vector<VillageLink> links;
    int preset = 0;
    int region = 3;
    double loss = 0;
    double speed = 1;  // virtual seconds in a real one
    std::uint64_t seed = 1;
    std::string control;  // path of a Unix socket that takes the same lines; empty: none
};

Result<Village> load_village(const std::string& file);

// Runs until "quit", the end of standard input (without a control socket) or a signal. json: events
// as JSON, one object a line. Events go to standard output: they are what it is run for.
Result<void> run_village(const Village& village, bool json);

}  // namespace waypost::simulator
