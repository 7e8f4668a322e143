// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "gateway/store/database.h"

namespace waypost::store {

// `connection` as libpq writes it: "host=/run/pg dbname=waypost user=waypost". Takes an advisory
// lock for as long as it lives. Throws std::runtime_error or a Poco::Data exception.
std::unique_ptr<Database> open_postgresql(const std::string& connection);

}  // namespace waypost::store
