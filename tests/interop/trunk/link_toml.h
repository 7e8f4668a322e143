// SPDX-License-Identifier: Apache-2.0
// Settings of a link between two boxes, as their operators write them.
#pragma once

#include <sys/stat.h>

#include <fstream>
#include <string>

#include "radio/trunk/pairing.h"
#include "tests/interop/mail/peers.h"

namespace waypost::interop {

// What both sides have on paper, in a file that nobody else reads.
inline std::string code_file(const Folder& folder, const std::string& name = "code") {
    const std::string file = folder / name;
    std::ofstream(file) << trunk::pairing_code(trunk::new_pairing(*system_random(), 1)) << '\n';
    ::chmod(file.c_str(), 0600);
    return file;
}

// The other box's modem is found by itself.
inline std::string link_to(const std::string& other, const std::string& port,
                           const std::string& code, bool typed, const std::string& more = {}) {
    return "[trunk." + other + "]\nneighbour = \"" + other + ".example\"\nport = \"" + port +
           (typed ? "\"\n" : "\"\nmodem = \"rn2483\"\n") + "code_file = \"" + code +
           "\"\ntyped = " + (typed ? "true" : "false") +
           "\nregion = \"EU868\"\nfrequency = 869525000\nspreading_factor = 7\nnetwork_id = 52\n"
           "models = \"" WAYPOST_TRUNK_MODELS "\"\ntraining = [\"" WAYPOST_TRUNK_TRAINING
           "\", \"" WAYPOST_TRUNK_FETCHED "\"]\n" +
           more + "[neighbour." + other + "]\ndomain = [\"" + other + ".example\"]\ntrunk = \"" +
           other + "\"\n";
}

}  // namespace waypost::interop
