// SPDX-License-Identifier: Apache-2.0
// Columns that a statement takes or gives, as the values that tables speak of.
#pragma once

#include <Poco/Data/LOB.h>

#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "gateway/message/address.h"

namespace waypost::store {

using Blob = Poco::Data::BLOB;
std::string text_of(const Blob& bytes);
Blob blob_of(const std::string& bytes);

// An empty address is an empty text; so is what cannot be read as one.
Address address_of(const std::string& uri);
std::string uri_of(const Address& address);

// Rows of one column.
template <class T>
std::vector<T> values_of(std::vector<std::tuple<T>> rows) {
    std::vector<T> values;
    values.reserve(rows.size());
    for (auto& [value] : rows) values.push_back(std::move(value));
    return values;
}

template <class T>
std::optional<T> value_of(std::optional<std::tuple<T>> row) {
    return row ? std::optional<T>(std::move(std::get<0>(*row))) : std::nullopt;
}

}  // namespace waypost::store
