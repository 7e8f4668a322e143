// SPDX-License-Identifier: Apache-2.0
// What an announce of an lxmf.delivery destination says of its owner: msgpack [name, stamp cost,
// [what it understands]], of which older programs send the first two, or the name alone as plain
// UTF-8. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace waypost::reticulum {

struct DeliveryAppData {
    std::string name;               // clean, one line, at most kMostDisplayName bytes; may be empty
    std::optional<int> stamp_cost;  // 1..254; none: no stamp is asked for
    bool compression = true;        // takes compressed resources
};
inline constexpr std::size_t kMostDisplayName = 128;

// Whatever comes: what cannot be read is as if it were not said.
DeliveryAppData read_delivery_app_data(std::string_view app_data);
std::string delivery_app_data(const DeliveryAppData& data);

}  // namespace waypost::reticulum
