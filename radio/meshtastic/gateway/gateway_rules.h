// SPDX-License-Identifier: Apache-2.0
// What may pass between a radio and a broker: the network's rules, and the operator's. Pure; not
// thread-safe.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "gateway/base/result.h"
#include "gateway/io/mqtt/mqtt_client.h"
#include "radio/meshtastic/broker_hub.h"
#include "radio/meshtastic/gateway/json_text.h"
#include "radio/meshtastic/mqtt/envelope.h"
#include "radio/meshtastic/node/channel_key.h"

namespace waypost::meshtastic {

struct GatewayBounds {
    std::string root = "msh";
    std::vector<std::string> up, down;  // channels by name; "PKI": what is sealed to one node
    std::vector<std::string> json_up, json_down;  // channels whose texts go as JSON, in clear
    bool everybody = false;  // what its sender does not let go to MQTT goes too
    std::uint32_t hops = 1;  // at most, by radio, of what comes from the broker
};

// A radio that is there, with the keys of its channels.
struct GatewayRadio {
    BrokerFactsPtr facts;
    std::map<std::string, ChannelKey> keys;  // by name
};
GatewayRadio radio_of(BrokerFactsPtr facts);
// Why nothing of it passes, or not all that should; empty: it is as it has to be.
std::string trouble_of(const BrokerFacts& facts, const GatewayBounds& bounds);

// What goes to the broker of a packet that a radio heard.
struct GoesUp {
    std::optional<mqtt::MqttMessage> envelope, json;
};
// A packet that came from the broker.
struct GoesDown {
    std::uint32_t from = 0, id = 0;
    std::uint32_t gateway = 0;
    std::string channel;
    ForDevice item;
};

class GatewayRules {
  public:
    explicit GatewayRules(GatewayBounds bounds);

    const GatewayBounds& bounds() const { return bounds_; }
    std::vector<std::string> filters() const;

    // A packet of a node that this radio heard, whether or not it may go on. Refused: something
    // else. BadInput: broken.
    static Result<pb::ServiceEnvelope> heard(const BrokerFacts& facts, const FromDevice& message);
    // Of what it heard, with the bytes that it came in. `now`: Unix seconds. Refused: it may not,
    // by a rule. BadInput: broken.
    Result<GoesUp> up(const GatewayRadio& radio, const pb::ServiceEnvelope& heard,
                      const std::string& payload, std::int64_t now) const;
    // The same.
    Result<GoesDown> down(const mqtt::MqttMessage& message) const;
    // Whether this radio is handed it.
    static bool takes(const BrokerFacts& facts, const GoesDown& packet);

    bool is_wish(const std::string& topic) const;
    // For the radio whose number it names.
    Result<ForDevice> wish(const BrokerFacts& facts, const JsonWish& wish) const;

  private:
    Result<GoesUp> channel_up(const GatewayRadio& radio, const pb::ServiceEnvelope& heard,
                              std::int64_t now) const;

    GatewayBounds bounds_;
    Envelopes envelopes_;
};

}  // namespace waypost::meshtastic
