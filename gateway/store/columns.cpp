// SPDX-License-Identifier: Apache-2.0
#include "gateway/store/columns.h"

namespace waypost::store {

std::string text_of(const Blob& bytes) {
    if (bytes.size() == 0) return {};
    return {reinterpret_cast<const char*>(bytes.rawContent()), bytes.size()};
}

Blob blob_of(const std::string& bytes) {
    return Blob(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
}

Address address_of(const std::string& uri) {
    auto parsed = parse_address(uri);
    return parsed.ok() ? std::move(*parsed) : Address{};
}

std::string uri_of(const Address& address) {
    return address.empty() ? std::string() : address.uri();
}

}  // namespace waypost::store
