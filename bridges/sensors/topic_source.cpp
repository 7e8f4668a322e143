// SPDX-License-Identifier: Apache-2.0
#include "bridges/sensors/topic_source.h"

#include <set>

#include "bridges/sensors/reading.h"

namespace waypost::sensors {

std::vector<std::string> TopicSource::topics() const {
    std::set<std::string> all;
    for (const Rule& rule : rules_) all.insert(rule.topic);
    return {all.begin(), all.end()};
}

Readings TopicSource::read(const mqtt::MqttMessage& message) const {
    Readings found;
    for (std::size_t i = 0; i < rules_.size(); ++i) {
        if (!mqtt::topic_matches(rules_[i].topic, message.topic)) continue;
        if (const auto value = read_value(message.payload, rules_[i]))
            found.all.push_back({i, *value});
        else
            found.strange = true;
    }
    return found;
}

}  // namespace waypost::sensors
