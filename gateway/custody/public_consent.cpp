// SPDX-License-Identifier: Apache-2.0
#include "gateway/custody/public_consent.h"

namespace waypost {
namespace {

constexpr char kOwner[] = "agreed to publish";  // of the rows of state; a name each

}  // namespace

bool agreed_to_publish(store::Tables& tables, const std::string& handle) {
    return tables.state.get(kOwner, handle).has_value();
}

void agree_to_publish(store::Tables& tables, const std::string& handle) {
    tables.state.put(kOwner, handle, "1");
}

void forget_consent_to_publish(store::Tables& tables, const std::string& handle) {
    tables.state.erase(kOwner, handle);
}

}  // namespace waypost
