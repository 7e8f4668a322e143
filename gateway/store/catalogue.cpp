// SPDX-License-Identifier: Apache-2.0
#include "gateway/store/catalogue.h"

#include <Poco/Data/Session.h>
#include <Poco/Data/Statement.h>

#include <algorithm>
#include <stdexcept>

namespace waypost::store {
namespace {

using namespace Poco::Data::Keywords;

// One row for each column of each table; `place` counts in its primary key from 1, 0 is outside.
constexpr char kSqlite[] =
    "SELECT m.name, c.name, c.type, c.pk FROM sqlite_master m JOIN pragma_table_info(m.name) c"
    " WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY m.name, c.cid";
constexpr char kPostgresql[] =
    "SELECT t.relname::text, c.attname::text, format_type(c.atttypid, c.atttypmod)::text,"
    " COALESCE(array_position(k.conkey, c.attnum), 0)::integer"
    " FROM pg_class t JOIN pg_attribute c ON c.attrelid = t.oid"
    " LEFT JOIN pg_constraint k ON k.conrelid = t.oid AND k.contype = 'p'"
    " WHERE t.relkind IN ('r', 'p') AND t.relnamespace = current_schema()::regnamespace"
    " AND c.attnum > 0 AND NOT c.attisdropped"
    " ORDER BY t.relname COLLATE \"C\", c.attnum";

struct Found {
    std::vector<std::string> table, column, type;
    std::vector<int> place;
};

ColumnType type_of(const std::string& type, bool row_id, const std::string& where) {
    if (type == "BIGINT" || type == "bigint" || (type == "INTEGER" && row_id))
        return ColumnType::Int64;
    if (type == "INTEGER" || type == "integer") return ColumnType::Int32;
    if (type == "TEXT" || type == "text") return ColumnType::Text;
    if (type == "BLOB" || type == "bytea") return ColumnType::Bytes;
    throw std::runtime_error("the column " + where + " is of the type " + type +
                             ", which no store has");
}

// Of one table, whose columns are those from `begin` to `end`.
TableShape shape_of(const Found& found, std::size_t begin, std::size_t end) {
    TableShape shape{found.table[begin], {}, {}};
    const auto size = static_cast<std::size_t>(
        *std::max_element(found.place.begin() + static_cast<std::ptrdiff_t>(begin),
                          found.place.begin() + static_cast<std::ptrdiff_t>(end)));
    shape.key.resize(size);
    for (std::size_t i = begin; i < end; ++i) {
        const auto place = static_cast<std::size_t>(found.place[i]);
        if (place > 0) shape.key[place - 1] = found.column[i];
        shape.columns.push_back({found.column[i], type_of(found.type[i], place == 1 && size == 1,
                                                          shape.name + "." + found.column[i])});
    }
    return shape;
}

}  // namespace

std::vector<TableShape> tables_of(Poco::Data::Session& session, Engine engine) {
    Found found;
    session << (engine == Engine::Sqlite ? kSqlite : kPostgresql), into(found.table),
        into(found.column), into(found.type), into(found.place), now;
    std::vector<TableShape> tables;
    for (std::size_t begin = 0; begin < found.table.size();) {
        std::size_t end = begin;
        while (end < found.table.size() && found.table[end] == found.table[begin]) ++end;
        tables.push_back(shape_of(found, begin, end));
        begin = end;
    }
    return tables;
}

std::string quoted(const std::string& name) { return '"' + name + '"'; }

std::string names_of(const std::vector<Column>& columns) {
    std::string names;
    for (const Column& column : columns) names += (names.empty() ? "" : ", ") + quoted(column.name);
    return names;
}

}  // namespace waypost::store
