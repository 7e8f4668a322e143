// SPDX-License-Identifier: Apache-2.0
// The tables that a database has, by its own catalogue: who copies a store cannot forget a table or
// a column that a later migration adds.
#pragma once

#include <string>
#include <vector>

#include "gateway/store/schema.h"
#include "gateway/store/session.h"

namespace waypost::store {

enum class ColumnType { Int32, Int64, Text, Bytes };

struct Column {
    std::string name;
    ColumnType type = ColumnType::Text;
    bool operator==(const Column&) const = default;
};

struct TableShape {
    std::string name;
    std::vector<Column> columns;   // in the order in which they were added
    std::vector<std::string> key;  // columns of the primary key, in its order
    bool operator==(const TableShape&) const = default;
};

// All tables, by name; on PostgreSQL those of the connection's own schema. SQLite's INTEGER PRIMARY
// KEY is a number of 64 bits, INTEGER elsewhere one of 32, as the same column is on PostgreSQL.
// Throws std::runtime_error for a column of a type that no store has.
std::vector<TableShape> tables_of(Poco::Data::Session& session, Engine engine);

// Name of a table or column as both engines read it.
std::string quoted(const std::string& name);
// "a", "b", "c"
std::string names_of(const std::vector<Column>& columns);

}  // namespace waypost::store
