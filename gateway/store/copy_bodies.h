// SPDX-License-Identifier: Apache-2.0
// The bodies that are not in the tables' rows, from one store to another under their own names.
// Whatever fails throws std::runtime_error with a sentence.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "gateway/store/bodies.h"
#include "gateway/store/row_sum.h"
#include "gateway/store/session.h"

namespace waypost::store {

// Those that a message names; each once.
std::vector<std::string> named_bodies(Poco::Data::Session& session);

struct BodiesSum {
    RowSum sum;  // of name, size and hash of each
    std::uint64_t bytes = 0;
    std::vector<std::string> gone;  // named, and not there
};
using EachBody = std::function<void(std::uint64_t done)>;  // called after each

BodiesSum sum_bodies(const Bodies& bodies, const std::vector<std::string>& names,
                     const EachBody& told);
void copy_bodies(const Bodies& from, Bodies& to, const std::vector<std::string>& names,
                 const EachBody& told);

}  // namespace waypost::store
