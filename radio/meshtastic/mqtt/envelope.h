// SPDX-License-Identifier: Apache-2.0
// Meshtastic's ServiceEnvelope and its topics, ROOT/2/e/CHANNEL/!gateway, by the rules that
// firmware keeps. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "gateway/base/result.h"
#include "radio/meshtastic/node/own_node.h"

namespace waypost::meshtastic {

namespace pb {
class MeshPacket;
}  // namespace pb

class Envelopes {
  public:
    static constexpr std::size_t kMostBytes = 1024;  // firmware's buffer

    // `root`: "msh/EU_868". `open`: what we send on channels goes in clear.
    Envelopes(std::string root, std::vector<std::string> channels, std::uint32_t own, bool open)
        : root_(std::move(root)), channels_(std::move(channels)), own_(own), open_(open) {}

    // Filters to subscribe to: our channels and what is sealed to a node, of all gateways.
    std::vector<std::string> filters() const;

    // The packet, marked as come by MQTT. NotFound: our own, come back. Refused: not on a topic of
    // ours. BadInput: broken, or against the rules.
    Result<pb::MeshPacket> read(const std::string& topic, const std::string& payload) const;

    std::string topic(const NodePacket& packet) const;
    std::string write(const NodePacket& packet) const;

  private:
    bool ours(const std::string& channel) const;

    std::string root_;
    std::vector<std::string> channels_;
    std::uint32_t own_;
    bool open_;
};

}  // namespace waypost::meshtastic
