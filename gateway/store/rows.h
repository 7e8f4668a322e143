// SPDX-License-Identifier: Apache-2.0
// Whole tables, row by row, on either engine: for who copies a store. Neither end holds more than
// some hundred rows in memory.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "gateway/store/catalogue.h"

namespace waypost::store {

// NULL, a number, or the bytes of a text or of a BLOB: the column's type says which.
using Value = std::variant<std::monostate, std::int64_t, std::string>;
using Values = std::vector<Value>;  // a row, in the order of TableShape::columns

// One thread; belongs to a session that outlives it, which has nothing else open on PostgreSQL.
// Throws Poco::Data exceptions, and std::runtime_error for a value that is none of its column.
class RowReader {
  public:
    virtual ~RowReader() = default;
    virtual bool next(Values& row) = 0;  // false: that was all
};

// Writes within the session's transaction, which is the caller's affair.
class RowWriter {
  public:
    virtual ~RowWriter() = default;
    virtual void put(const Values& row) = 0;
    virtual void flush() = 0;  // to be called before the commit
};

// In the order of the primary key; of texts, in the engine's own order.
std::unique_ptr<RowReader> read_rows(Poco::Data::Session& session, Engine engine,
                                     const TableShape& table);
std::unique_ptr<RowWriter> write_rows(Poco::Data::Session& session, Engine engine,
                                      const TableShape& table);

// "SELECT ... FROM ... ORDER BY ..."
std::string select_all(const TableShape& table);

// Of each engine, as above.
std::unique_ptr<RowReader> read_sqlite(Poco::Data::Session& session, const TableShape& table);
std::unique_ptr<RowWriter> write_sqlite(Poco::Data::Session& session, const TableShape& table);
std::unique_ptr<RowReader> read_postgresql(Poco::Data::Session& session, const TableShape& table);
std::unique_ptr<RowWriter> write_postgresql(Poco::Data::Session& session, const TableShape& table);

}  // namespace waypost::store
