// SPDX-License-Identifier: Apache-2.0
// The settings that everything which signs in to a broker has, as entries of a section's table.
#pragma once

#include "gateway/config/setting.h"
#include "gateway/io/mqtt/mqtt_client.h"

namespace waypost::mqtt {

inline constexpr Setting kBrokerSetting{
    "broker",
    Setting::Kind::Text,
    "",
    "",
    "",
    "\"mqtts://broker.example:8883\", or \"mqtt://192.168.1.5:1883\" in clear on a wire of your "
    "own",
    true,
    true};
inline constexpr Setting kUserSetting{"user", Setting::Kind::Text,
                                      "",     "",
                                      "",     "name by which the broker knows us; empty: none",
                                      false,  true};
inline constexpr Setting kPasswordSetting{"password", Setting::Kind::SecretFile,
                                          "",         "",
                                          "",         "file of mode 0600 with the password of user",
                                          false,      true};
inline constexpr Setting kCaFileSetting{
    "ca_file", Setting::Kind::Path,
    "",        "",
    "",        "PEM file of the authority that signed the broker's certificate; else the system's",
    false,     true};
inline constexpr Setting kVersionSetting{"version", Setting::Kind::Choice,
                                         "5",       "5|3.1.1",
                                         "",        "of MQTT; with 5 far more share a commit",
                                         false,     true};

// Client id: "waypost-DOMAIN-INSTANCE", the same at each start. Throws std::runtime_error, a
// sentence for the operator.
MqttOptions read_broker(const SectionValues& values);

}  // namespace waypost::mqtt
