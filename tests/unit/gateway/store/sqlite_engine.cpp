// SPDX-License-Identifier: Apache-2.0
#include "engine.h"

namespace waypost::store {

std::unique_ptr<Database> fresh_database() {
    static TempFolder folder;
    static int count = 0;
    return open_sqlite(folder / ("store" + std::to_string(++count) + ".db"));
}

}  // namespace waypost::store
