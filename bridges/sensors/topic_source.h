// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "bridges/sensors/source.h"

namespace waypost::sensors {

// A sensor for each topic: what home automation publishes.
class TopicSource final : public Source {
  public:
    explicit TopicSource(std::vector<Rule> rules) : rules_(std::move(rules)) {}
    std::vector<std::string> topics() const override;
    Readings read(const mqtt::MqttMessage& message) const override;

  private:
    std::vector<Rule> rules_;
};

}  // namespace waypost::sensors
