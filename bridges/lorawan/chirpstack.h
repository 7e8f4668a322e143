// SPDX-License-Identifier: Apache-2.0
// LoRaWAN devices behind ChirpStack v4, by its MQTT integration with JSON: uplinks in topics
// application/APPLICATION/device/DEVEUI/event/up, downlinks queued by .../command/down.
#pragma once

#include "bridges/sensors/source.h"

namespace waypost::lorawan {

class ChirpStack final : public sensors::Source {
  public:
    explicit ChirpStack(std::vector<sensors::Rule> rules) : rules_(std::move(rules)) {}
    std::vector<std::string> topics() const override;
    sensors::Readings read(const mqtt::MqttMessage& message) const override;
    std::optional<mqtt::MqttMessage> command(const sensors::Rule& rule, bool begins) const override;

  private:
    std::vector<sensors::Rule> rules_;
};

}  // namespace waypost::lorawan
