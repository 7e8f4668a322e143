// SPDX-License-Identifier: Apache-2.0
// The golden frames: tests/data/xbee/README.md.
#pragma once

#include <Poco/JSON/Array.h>
#include <Poco/JSON/Object.h>
#include <Poco/JSON/Parser.h>

#include <fstream>
#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

#include "radio/xbee/api_framing.h"

namespace waypost::xbee {

using Json = Poco::JSON::Object;

inline std::vector<Json::Ptr> vectors(const std::string& name) {
    std::ifstream file(std::string(WAYPOST_TEST_DATA "/xbee/") + name);
    std::vector<Json::Ptr> rows;
    for (std::string line; std::getline(file, line);) {
        rows.push_back(Poco::JSON::Parser().parse(line).extract<Json::Ptr>());
    }
    if (rows.empty()) throw std::runtime_error("no vectors " + name);
    return rows;
}

inline std::string unhex(const std::string& hex) {
    std::string bytes;
    for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
        bytes += static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16));
    }
    return bytes;
}

inline std::string bytes_of(const Json::Ptr& row, const std::string& key) {
    return unhex(row->getValue<std::string>(key));
}

inline ApiMode mode_of(const Json::Ptr& stream) {
    return stream->getValue<int>("ap") == 1 ? ApiMode::Plain : ApiMode::Escaped;
}

inline std::vector<std::string> accepted(const Json::Ptr& stream) {
    std::vector<std::string> frames;
    for (const auto& each : *stream->getArray("accept")) frames.push_back(unhex(each.toString()));
    return frames;
}

}  // namespace waypost::xbee
