// SPDX-License-Identifier: Apache-2.0
#include "gateway/custody/responders.h"

#include <algorithm>
#include <set>

namespace waypost {
namespace {

const std::vector<std::string>& named(const Box& box) {
    return box.settings->responders.empty() ? box.settings->operators : box.settings->responders;
}

}  // namespace

bool wakes_nobody(const Address& endpoint) {
    return is_mailbox(endpoint) || endpoint.scheme == "mailto";
}

std::vector<Address> waking_ends(const Box& box, const Person& person) {
    std::vector<Address> ends;
    for (const Address& end : person.endpoints) {
        if (!wakes_nobody(end) && !box.router.network_of(end).empty()) ends.push_back(end);
    }
    return ends;
}

Responders responders_of(const Box& box) {
    const auto people = box.directory.get();
    const std::vector<std::string>& all = named(box);
    Responders found;
    for (const std::string& handle : std::set<std::string>(all.begin(), all.end())) {
        const Person* person = people->find(handle);
        const bool told = person != nullptr && !waking_ends(box, *person).empty();
        (told ? found.reachable : found.unreachable).push_back(handle);
    }
    return found;
}

bool is_responder(const Box& box, const std::string& handle) {
    const std::vector<std::string>& all = named(box);
    return std::find(all.begin(), all.end(), handle) != all.end();
}

}  // namespace waypost
