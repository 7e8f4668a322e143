// SPDX-License-Identifier: Apache-2.0
#include "gateway/store/sqlite_statement.h"

#include <Poco/Data/SQLite/Utility.h>
#include <sqlite3.h>

namespace waypost::store {

using Poco::Data::SQLite::Utility;

void SqliteStatement::Finalize::operator()(sqlite3_stmt* statement) const noexcept {
    sqlite3_finalize(statement);
}

SqliteStatement::SqliteStatement(Poco::Data::Session& session, std::string sql)
    : db_(Utility::dbHandle(session)), sql_(std::move(sql)) {}

sqlite3_stmt* SqliteStatement::compiled() {
    if (!statement_) {
        sqlite3_stmt* made = nullptr;
        check(sqlite3_prepare_v3(db_, sql_.data(), static_cast<int>(sql_.size()),
                                 SQLITE_PREPARE_PERSISTENT, &made, nullptr));
        statement_.reset(made);
    }
    return statement_.get();
}

void SqliteStatement::check(int code) const {
    if (code == SQLITE_OK || code == SQLITE_ROW || code == SQLITE_DONE) return;
    Utility::throwException(db_, code, sqlite3_errmsg(db_));
}

void SqliteStatement::bind(int place, std::int64_t value) {
    check(sqlite3_bind_int64(compiled(), place, value));
}

void SqliteStatement::bind(int place, const std::string& text) {
    check(sqlite3_bind_text(compiled(), place, text.data(), static_cast<int>(text.size()),
                            SQLITE_STATIC));
}

// Empty bytes are a value, not the absence of one.
void SqliteStatement::bind(int place, const Poco::Data::BLOB& bytes) {
    const void* data = bytes.size() == 0 ? static_cast<const void*>("") : bytes.rawContent();
    check(
        sqlite3_bind_blob(compiled(), place, data, static_cast<int>(bytes.size()), SQLITE_STATIC));
}

bool SqliteStatement::step() {
    const int code = sqlite3_step(compiled());
    if (code == SQLITE_ROW) return true;
    sqlite3_reset(statement_.get());
    check(code);
    return false;
}

void SqliteStatement::reset() noexcept {
    if (statement_) sqlite3_reset(statement_.get());
}

std::size_t SqliteStatement::changed() const {
    return sqlite3_stmt_readonly(statement_.get()) != 0
               ? 0
               : static_cast<std::size_t>(sqlite3_changes(db_));
}

void SqliteStatement::column(int place, std::int64_t& value) const {
    value = sqlite3_column_int64(statement_.get(), place);
}

void SqliteStatement::column(int place, int& value) const {
    value = sqlite3_column_int(statement_.get(), place);
}

void SqliteStatement::column(int place, std::string& text) const {
    const void* bytes = sqlite3_column_blob(statement_.get(), place);
    const int size = sqlite3_column_bytes(statement_.get(), place);
    text.assign(static_cast<const char*>(bytes), static_cast<std::size_t>(bytes ? size : 0));
}

void SqliteStatement::column(int place, Poco::Data::BLOB& bytes) const {
    const void* data = sqlite3_column_blob(statement_.get(), place);
    const int size = sqlite3_column_bytes(statement_.get(), place);
    bytes = Poco::Data::BLOB();
    if (data != nullptr)
        bytes.assignRaw(static_cast<const unsigned char*>(data), static_cast<std::size_t>(size));
}

}  // namespace waypost::store
