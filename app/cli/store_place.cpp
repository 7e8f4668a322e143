// SPDX-License-Identifier: Apache-2.0
#include "app/cli/store_place.h"

#include <stdexcept>

#include "app/restore.h"
#include "gateway/store/postgresql.h"

namespace waypost::cli {

namespace fs = std::filesystem;

bool is_postgresql(const std::string& where) {
    if (where.rfind("postgresql://", 0) == 0 || where.rfind("postgres://", 0) == 0) return true;
    const bool path = !where.empty() && (where.front() == '/' || where.front() == '.');
    return !path && where.find('=') != std::string::npos;
}

std::string store_of(const Config& config) {
    const std::string& connection = config.section("store").text("postgresql");
    return connection.empty() ? store_file(config) : connection;
}

StorePlace::StorePlace(const std::string& where, Random& random, bool make) {
    if (is_postgresql(where)) {
        database_ = store::open_postgresql(where);
        spool_ = fs::temp_directory_path() / ("waypost-copy-" + random.hex(8));
        bodies_ = store::bodies_in_database(*database_, spool_, random);
        return;
    }
    if (!make && !fs::is_regular_file(where))
        throw std::runtime_error("there is no store " + where);
    database_ = store::open_sqlite(where);
    bodies_ = store::bodies_in_folder(where + ".bodies", random, true);
}

StorePlace::~StorePlace() {
    bodies_.reset();
    std::error_code none;
    if (!spool_.empty()) fs::remove_all(spool_, none);
}

}  // namespace waypost::cli
