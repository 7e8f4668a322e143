// SPDX-License-Identifier: Apache-2.0
// A store by what a person writes for it.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "gateway/base/random.h"
#include "gateway/config/config.h"
#include "gateway/store/bodies.h"
#include "gateway/store/database.h"

namespace waypost::cli {

// As libpq takes it: "postgresql://..." or "host=... dbname=..." (PostgreSQL's manual, 34.1.1). A
// path of a file that has an '=' in it begins with '/' or '.'.
bool is_postgresql(const std::string& where);

// Of the settings, in these words.
std::string store_of(const Config& config);

// An open store that nobody else has open. One thread.
class StorePlace {
  public:
    // A file is made if `make` says so, else it has to be there. `random` outlives the object.
    // Throws std::runtime_error with a sentence for the operator.
    StorePlace(const std::string& where, Random& random, bool make);
    ~StorePlace();
    StorePlace(const StorePlace&) = delete;
    StorePlace& operator=(const StorePlace&) = delete;

    store::Database& database() const { return *database_; }
    store::Bodies& bodies() const { return *bodies_; }

  private:
    std::filesystem::path spool_;  // of this object; empty: none
    std::unique_ptr<store::Database> database_;
    std::unique_ptr<store::Bodies> bodies_;
};

}  // namespace waypost::cli
