// SPDX-License-Identifier: Apache-2.0
// Meshtastic's ServiceEnvelope and its topics, ROOT/2/e/CHANNEL/!gateway, by the rules that
// firmware keeps. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "gateway/base/result.h"
#include "radio/meshtastic/node/own_node.h"

namespace waypost::meshtastic {

namespace pb {
class ServiceEnvelope;
}  // namespace pb

struct EnvelopeTopic {
    std::string root, channel, gateway;  // "msh/EU_868", "LongFast", "!54d467a9"

    std::string text() const;
};
// Whatever stands there; `gateway` is empty where the topic ends before it. nullopt: one of
// something else.
std::optional<EnvelopeTopic> envelope_topic(const std::string& topic);

// An envelope with a packet, which says itself that it goes by this topic. BadInput: there is none.
Result<pb::ServiceEnvelope> read_envelope(const EnvelopeTopic& topic, const std::string& payload);

class Envelopes {
  public:
    static constexpr std::size_t kMostBytes = 1024;  // firmware's buffer

    // `root`: "msh/EU_868". `channels`: by name, those to subscribe to; "PKI": what is sealed to a
    // node. `open`: what we send on channels goes in clear.
    Envelopes(std::string root, std::vector<std::string> channels, std::uint32_t own, bool open)
        : root_(std::move(root)), channels_(std::move(channels)), own_(own), open_(open) {}

    // Filters to subscribe to: our channels, of all gateways.
    std::vector<std::string> filters() const;

    // Its packet is marked as come by MQTT. What is sealed to a node is read whether or not it is
    // among our channels. NotFound: our own, come back. Refused: not on a topic of ours. BadInput:
    // broken, or against the rules.
    Result<pb::ServiceEnvelope> read(const std::string& topic, const std::string& payload) const;

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
