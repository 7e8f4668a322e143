// SPDX-License-Identifier: Apache-2.0
// What sections of sensors have in common beside the broker.
#pragma once

#include "bridges/sensors/rules_file.h"
#include "bridges/sensors/sensor_transport.h"
#include "gateway/config/setting.h"

namespace waypost::sensors {

inline constexpr Setting kSpeaksForSetting{
    "speaks_for",
    Setting::Kind::Text,
    "",
    "",
    "",
    "handle of the person in whose name people and groups are told; needed where rules name them",
    false,
    true};

// Throws std::runtime_error, a sentence for the operator.
SensorTransportOptions read_sensor_options(const SectionValues& values, Kind kind);

}  // namespace waypost::sensors
