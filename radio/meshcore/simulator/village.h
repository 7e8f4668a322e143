// SPDX-License-Identifier: Apache-2.0
// Simulated MeshCore radios on one channel beside the real clock: companions for hosts, handhelds
// in people's hands, repeaters, room servers. Lines are typed into it:
//   ana: text          to the first companion     ana>ben: text     to another radio, or a room
//   ana>all: text      on the public channel      ana join club pw  logs in to a room
//   ana advert         tells the mesh of itself   ana off | ana on
//   post reboot        a companion                ana deaf ben      hears him no more | ana hears
//   ben quit
// What happens comes out as one JSON object a line: {"who", "what", "text", "from"}. `what` is
// "is at" (a port), "key", "open", "sees" (a DM), "copy" (of one), "hears" (on the channel),
// "reads" (in a room), "tick", "failed", "joined", "packet" (hex, as it goes on air), "error".
#pragma once

#include <string>
#include <vector>

#include "gateway/base/result.h"
#include "radio/airtime/airtime.h"

namespace waypost::meshcore {

struct VillageRadio {
    enum class Kind { Handheld, Companion, Repeater, Room };
    std::string name;
    Kind kind = Kind::Handheld;
    std::vector<std::string> ports;  // of a companion: "tcp:127.0.0.1:0", "pty:/path/of/the/link"
    std::string password;            // of a room
    std::size_t most_contacts = 100;
    bool manual_add = false;
};

struct VillageOfRadios {
    std::vector<VillageRadio> radios;
    LoraParams lora{7, 62'500, 5, 32, true, true};
    std::uint32_t frequency_khz = 869'618;
    double loss = 0;   // of every packet at every listener
    double speed = 1;  // virtual seconds in a real one
    std::uint64_t seed = 1;
    bool met = true;  // everybody has heard everybody's advert
};

struct VillageStreams {
    int input = 0;  // lines come from this descriptor; its end is the village's
    int output = 1;
    bool packets = false;  // what goes on air is told too, and the seeds of the keys ("seed")
};

// Until "quit", the end of the input, SIGINT or SIGTERM. Network: a port cannot be had.
Result<void> run_village(const VillageOfRadios& village, const VillageStreams& streams);

}  // namespace waypost::meshcore
