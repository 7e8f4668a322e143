// SPDX-License-Identifier: Apache-2.0
// The settings of sensors on a broker, and how they make a transport.
#include <array>
#include <stdexcept>

#include "bridges/sensors/sensor_settings.h"
#include "bridges/sensors/sensors.h"
#include "bridges/sensors/topic_source.h"
#include "gateway/io/mqtt/mqtt_settings.h"

namespace waypost::sensors {
namespace {

constexpr std::array kSettings = {
    mqtt::kBrokerSetting,
    mqtt::kUserSetting,
    mqtt::kPasswordSetting,
    mqtt::kCaFileSetting,
    mqtt::kVersionSetting,
    Setting{"rules", Setting::Kind::Path, "", "", "",
            "TOML file with a table for each sensor; empty: only the box's state is shown", false,
            true},
    kSpeaksForSetting,
    Setting{"states", Setting::Kind::Text, "waypost", "", "",
            "first part of the topics that show the state of the box and its transports; empty: "
            "they are not shown",
            false, true},
};
constexpr Section kSection{"sensors", true,
                           "Sensors and home automation on an MQTT broker: alarms from it, answers "
                           "from it, and the state of the box there.",
                           kSettings};

std::unique_ptr<Transport> make(TransportId id, const SectionValues& values) {
    SensorTransportOptions options = read_sensor_options(values, Kind::Topic);
    options.states = values.text("states");
    if (!options.states.empty() &&
        (!mqtt::is_topic(options.states) || options.states.back() == '/'))
        throw std::runtime_error("states: \"" + options.states + "\" is no topic");
    auto source = std::make_unique<TopicSource>(options.desk.rules);
    return std::make_unique<SensorTransport>(std::move(id), std::move(options), std::move(source));
}

}  // namespace

SensorTransportOptions read_sensor_options(const SectionValues& values, Kind kind) {
    SensorTransportOptions options;
    options.broker = mqtt::read_broker(values);
    options.desk.speaks_for = values.text("speaks_for");
    if (values.has("rules")) {
        auto rules = read_rules_file(values.text("rules"), kind);
        if (!rules.ok()) throw std::runtime_error("rules: " + rules.error().text);
        options.desk.rules = std::move(*rules);
    }
    for (const Rule& rule : options.desk.rules) {
        if (!rule.to.empty() && options.desk.speaks_for.empty())
            throw std::runtime_error("speaks_for: name the person in whose name " + rule.name +
                                     " is told to " + rule.to.front());
    }
    return options;
}

TransportKind sensors_kind() { return {&kSection, make, {}, {}, true}; }

}  // namespace waypost::sensors
