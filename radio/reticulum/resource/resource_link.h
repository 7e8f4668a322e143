// SPDX-License-Identifier: Apache-2.0
// What a resource needs of the link that it goes over.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/clock.h"
#include "radio/reticulum/resource/resource_wire.h"
#include "radio/reticulum/wire/link.h"

namespace waypost::reticulum {

struct ResourceLink {
    // The link's own encryption; open() gives nullopt for what it did not seal. Called only inside
    // calls to the resource, and must be good as long as it lives.
    std::function<std::string(std::string_view)> seal;
    std::function<std::optional<std::string>(std::string_view)> open;
    std::size_t mtu = kMtu;
    milliseconds rtt{1000};     // as the link measured it
    milliseconds part_time{0};  // what a packet takes on the slowest hop known: air time of a radio
};
// As the reference program reckons: 464 at kMtu.
inline std::size_t part_bytes(const ResourceLink& link) { return link.mtu - kHeader2 - 1; }

// Over `link`, with chance from `random`; both must live as long as what is made with it.
ResourceLink over(const Link& link, Random& random);

using ResourceFrames = std::vector<ResourceFrame>;

}  // namespace waypost::reticulum
