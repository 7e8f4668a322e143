// SPDX-License-Identifier: Apache-2.0
#include "gateway/store/rows.h"

namespace waypost::store {

std::unique_ptr<RowReader> read_rows(Poco::Data::Session& session, Engine engine,
                                     const TableShape& table) {
    return engine == Engine::Sqlite ? read_sqlite(session, table) : read_postgresql(session, table);
}

std::unique_ptr<RowWriter> write_rows(Poco::Data::Session& session, Engine engine,
                                      const TableShape& table) {
    return engine == Engine::Sqlite ? write_sqlite(session, table)
                                    : write_postgresql(session, table);
}

std::string select_all(const TableShape& table) {
    std::string sql = "SELECT " + names_of(table.columns) + " FROM " + quoted(table.name);
    std::string order;
    for (const std::string& column : table.key)
        order += (order.empty() ? " ORDER BY " : ", ") + quoted(column);
    return sql + order;
}

}  // namespace waypost::store
