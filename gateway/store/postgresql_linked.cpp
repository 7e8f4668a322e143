// SPDX-License-Identifier: Apache-2.0
// For programs that PostgreSQL's part is linked to: tests.
#include "gateway/store/postgresql.h"

namespace waypost::store {

extern "C" void waypost_open_postgresql(const std::string& connection, Sharing sharing,
                                        std::unique_ptr<Database>& opened);

std::unique_ptr<Database> open_postgresql(const std::string& connection, Sharing sharing) {
    std::unique_ptr<Database> opened;
    waypost_open_postgresql(connection, sharing, opened);
    return opened;
}

}  // namespace waypost::store
