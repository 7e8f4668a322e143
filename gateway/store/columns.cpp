// SPDX-License-Identifier: Apache-2.0
#include "gateway/store/columns.h"

namespace waypost::store {

Address address_of(const std::string& uri) {
    auto parsed = parse_address(uri);
    return parsed.ok() ? std::move(*parsed) : Address{};
}

std::string uri_of(const Address& address) {
    return address.empty() ? std::string() : address.uri();
}

}  // namespace waypost::store
