// SPDX-License-Identifier: Apache-2.0
// The store of a hub: PostgreSQL 15 or newer, one database for all of its workers.
#pragma once

#include <memory>
#include <string>

#include "gateway/store/database.h"

namespace waypost::store {

enum class Sharing {
    Alone,    // a copy of the store: nobody else has it open
    Workers,  // together with others that say so
};

// `connection` as libpq takes it: "host=db1,db2 dbname=waypost user=waypost", or an address that
// begins with postgresql:// (PostgreSQL's manual, 34.1.1); of several hosts the one that can be
// written is used. Throws std::runtime_error with a sentence for the operator, also where others
// have the database open in another way, or the package with PostgreSQL's part is not installed.
std::unique_ptr<Database> open_postgresql(const std::string& connection,
                                          Sharing sharing = Sharing::Alone);

}  // namespace waypost::store
