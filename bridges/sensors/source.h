// SPDX-License-Identifier: Apache-2.0
// What a network of sensors says, as readings of the rules: the one part in which plain topics and
// LoRaWAN differ.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "bridges/sensors/rule.h"
#include "gateway/io/mqtt/mqtt_client.h"

namespace waypost::sensors {

struct Reading {
    std::size_t rule = 0;  // which of the rules
    double value = 0;
};

struct Readings {
    std::vector<Reading> all;
    bool strange = false;  // something of it could not be read
};

// Pure but for its rules, which do not change.
class Source {
  public:
    virtual ~Source() = default;
    virtual std::vector<std::string> topics() const = 0;
    virtual Readings read(const mqtt::MqttMessage& message) const = 0;
    // What the rule's device is told when it begins or is over; nullopt: nothing.
    virtual std::optional<mqtt::MqttMessage> command(const Rule& rule, bool begins) const {
        (void)rule, (void)begins;
        return std::nullopt;
    }
};

}  // namespace waypost::sensors
