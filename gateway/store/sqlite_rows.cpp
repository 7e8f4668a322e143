// SPDX-License-Identifier: Apache-2.0
#include <Poco/Data/SQLite/Utility.h>
#include <Poco/Data/Session.h>
#include <sqlite3.h>

#include <stdexcept>

#include "gateway/store/rows.h"

namespace waypost::store {
namespace {

using Poco::Data::SQLite::Utility;

// A statement whose columns are known only now.
class Compiled {
  public:
    Compiled(Poco::Data::Session& session, const std::string& sql)
        : db_(Utility::dbHandle(session)) {
        sqlite3_stmt* made = nullptr;
        check(sqlite3_prepare_v2(db_, sql.data(), static_cast<int>(sql.size()), &made, nullptr));
        statement_.reset(made);
    }
    sqlite3_stmt* get() const { return statement_.get(); }
    bool step() {
        const int code = sqlite3_step(get());
        if (code == SQLITE_ROW) return true;
        sqlite3_reset(get());
        check(code);
        return false;
    }
    void check(int code) const {
        if (code == SQLITE_OK || code == SQLITE_ROW || code == SQLITE_DONE) return;
        Utility::throwException(db_, code, sqlite3_errmsg(db_));
    }

  private:
    struct Finalize {
        void operator()(sqlite3_stmt* statement) const noexcept { sqlite3_finalize(statement); }
    };
    sqlite3* db_;
    std::unique_ptr<sqlite3_stmt, Finalize> statement_;
};

bool is_number(ColumnType type) { return type == ColumnType::Int32 || type == ColumnType::Int64; }

class SqliteReader final : public RowReader {
  public:
    SqliteReader(Poco::Data::Session& session, TableShape table)
        : table_(std::move(table)), statement_(session, select_all(table_)) {}

    bool next(Values& row) override {
        row.clear();
        if (!statement_.step()) return false;
        for (std::size_t i = 0; i < table_.columns.size(); ++i) row.push_back(value(i));
        return true;
    }

  private:
    // SQLite keeps what it was given, whatever the column's type: a text in a column of bytes is
    // these bytes to whoever reads it, and the other way round; a text is no number.
    Value value(std::size_t i) const {
        const int place = static_cast<int>(i);
        const int kept = sqlite3_column_type(statement_.get(), place);
        const bool number = is_number(table_.columns[i].type);
        if (kept == SQLITE_NULL) return {};
        if (number && kept == SQLITE_INTEGER) return sqlite3_column_int64(statement_.get(), place);
        if (number || (kept != SQLITE_TEXT && kept != SQLITE_BLOB)) {
            throw std::runtime_error("a row of " + table_.name + " has in " +
                                     table_.columns[i].name + " no value of the column's type");
        }
        const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement_.get(), place));
        const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), place));
        return size == 0 ? std::string() : std::string(bytes, size);
    }

    TableShape table_;
    Compiled statement_;
};

std::string insert_into(const TableShape& table) {
    std::string places;
    for (std::size_t i = 0; i < table.columns.size(); ++i) places += i == 0 ? "?" : ",?";
    return "INSERT INTO " + quoted(table.name) + " (" + names_of(table.columns) + ") VALUES (" +
           places + ")";
}

class SqliteWriter final : public RowWriter {
  public:
    SqliteWriter(Poco::Data::Session& session, const TableShape& table)
        : statement_(session, insert_into(table)) {
        for (const Column& column : table.columns) types_.push_back(column.type);
    }
    void put(const Values& row) override {
        for (std::size_t i = 0; i < types_.size(); ++i)
            statement_.check(bind(static_cast<int>(i) + 1, types_[i], row[i]));
        statement_.step();
    }
    void flush() override {}

  private:
    int bind(int place, ColumnType type, const Value& value) {
        if (const auto* number = std::get_if<std::int64_t>(&value))
            return sqlite3_bind_int64(statement_.get(), place, *number);
        const auto* bytes = std::get_if<std::string>(&value);
        if (bytes == nullptr) return sqlite3_bind_null(statement_.get(), place);
        const auto size = static_cast<int>(bytes->size());
        return type == ColumnType::Text
                   ? sqlite3_bind_text(statement_.get(), place, bytes->data(), size, SQLITE_STATIC)
                   : sqlite3_bind_blob(statement_.get(), place, bytes->data(), size, SQLITE_STATIC);
    }

    Compiled statement_;
    std::vector<ColumnType> types_;
};

}  // namespace

std::unique_ptr<RowReader> read_sqlite(Poco::Data::Session& session, const TableShape& table) {
    return std::make_unique<SqliteReader>(session, table);
}

std::unique_ptr<RowWriter> write_sqlite(Poco::Data::Session& session, const TableShape& table) {
    return std::make_unique<SqliteWriter>(session, table);
}

}  // namespace waypost::store
