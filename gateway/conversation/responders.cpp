// SPDX-License-Identifier: Apache-2.0
#include "gateway/conversation/responders.h"

#include <set>

namespace waypost {

Responders responders_of(const Box& box) {
    const auto people = box.directory.get();
    const auto& named =
        box.settings.responders.empty() ? box.settings.operators : box.settings.responders;
    Responders all;
    for (const std::string& handle : std::set<std::string>(named.begin(), named.end())) {
        const Route route = box.router.route(person(handle), *people);
        // A mailbox is looked into some time, and wakes nobody.
        const bool told = !route.network.empty() && !route.mailbox_only;
        (!told ? all.unreachable : all.reachable).push_back(handle);
    }
    return all;
}

}  // namespace waypost
