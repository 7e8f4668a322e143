// SPDX-License-Identifier: Apache-2.0
#include "radio/meshtastic/mqtt/root_setting.h"

#include <stdexcept>

#include "gateway/io/mqtt/mqtt_client.h"

namespace waypost::meshtastic {

std::string read_root(const SectionValues& values) {
    std::string root = values.text("root");
    if (!mqtt::is_topic(root) || root.back() == '/')
        throw std::runtime_error("root: \"" + root + "\" is no topic, as msh/EU_868 is");
    return root;
}

}  // namespace waypost::meshtastic
