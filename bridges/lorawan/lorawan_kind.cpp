// SPDX-License-Identifier: Apache-2.0
// The settings of a LoRaWAN network, and how they make a transport.
#include <array>

#include "bridges/lorawan/chirpstack.h"
#include "bridges/lorawan/lorawan.h"
#include "bridges/sensors/sensor_settings.h"
#include "gateway/io/mqtt/mqtt_settings.h"

namespace waypost::lorawan {
namespace {

constexpr std::array kSettings = {
    mqtt::kBrokerSetting,
    mqtt::kUserSetting,
    mqtt::kPasswordSetting,
    mqtt::kCaFileSetting,
    mqtt::kVersionSetting,
    Setting{"rules", Setting::Kind::Path, "", "", "", "TOML file with a table for each sensor",
            true, true},
    sensors::kSpeaksForSetting,
};
constexpr Section kSection{"lorawan", true,
                           "Sensors of a LoRaWAN network, by the MQTT broker of its ChirpStack.",
                           kSettings};

std::unique_ptr<Transport> make(TransportId id, const SectionValues& values) {
    auto options = sensors::read_sensor_options(values, sensors::Kind::Device);
    auto source = std::make_unique<ChirpStack>(options.desk.rules);
    return std::make_unique<sensors::SensorTransport>(std::move(id), std::move(options),
                                                      std::move(source));
}

}  // namespace

TransportKind lorawan_kind() { return {&kSection, make, {}, {}, true}; }

}  // namespace waypost::lorawan
