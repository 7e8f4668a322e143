// SPDX-License-Identifier: Apache-2.0
// One compiled statement of SQLite that stays compiled. Poco 1.11 compiles an SQLite statement anew
// at every execution; for what a box does a thousand times a second that is a fifth of its work.
#pragma once

#include <Poco/Data/LOB.h>
#include <Poco/Data/Session.h>

#include <cstdint>
#include <memory>
#include <string>

struct sqlite3;
struct sqlite3_stmt;

namespace waypost::store {

// One thread at a time. Throws what Poco::Data::SQLite throws. Compiled at its first use: a session
// that never runs it pays nothing.
class SqliteStatement {
  public:
    // `session` is one of Poco's SQLite connector and outlives the object.
    SqliteStatement(Poco::Data::Session& session, std::string sql);

    // Parameters from 1, columns from 0. Text and bytes bound here must live until the last step.
    void bind(int place, std::int64_t value);
    void bind(int place, int value) { bind(place, static_cast<std::int64_t>(value)); }
    void bind(int place, const std::string& text);
    void bind(int place, const Poco::Data::BLOB& bytes);
    // True: there is a row to read. False: done, and ready for the next use.
    bool step();
    void reset() noexcept;
    std::size_t changed() const;  // rows, by the statement that just ended; 0 for a query

    void column(int place, std::int64_t& value) const;
    void column(int place, int& value) const;
    void column(int place, std::string& text) const;
    void column(int place, Poco::Data::BLOB& bytes) const;

  private:
    struct Finalize {
        void operator()(sqlite3_stmt* statement) const noexcept;
    };
    sqlite3_stmt* compiled();
    void check(int code) const;

    sqlite3* db_;
    std::string sql_;
    std::unique_ptr<sqlite3_stmt, Finalize> statement_;
};

}  // namespace waypost::store
