// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <Poco/JSON/Array.h>
#include <Poco/JSON/Object.h>
#include <Poco/JSON/Parser.h>

#include <fstream>
#include <stdexcept>
#include <string>

namespace waypost::meshtastic {

inline Poco::Dynamic::Var vectors(const std::string& name) {
    std::ifstream file(std::string(WAYPOST_TEST_DATA "/meshtastic/") + name);
    if (!file) throw std::runtime_error("no vectors " + name);
    return Poco::JSON::Parser().parse(file);
}

inline std::string unhex(const std::string& hex) {
    std::string bytes;
    for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
        bytes += static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16));
    }
    return bytes;
}

}  // namespace waypost::meshtastic
