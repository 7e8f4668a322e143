// SPDX-License-Identifier: Apache-2.0
// What the two engines do differently: opening, locking, read-only sessions, online backup. The
// rest of the store is portable SQL.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "gateway/base/result.h"
#include "gateway/store/schema.h"
#include "gateway/store/session.h"

namespace waypost::store {

// Thread-safe factory of sessions; a session itself belongs to one thread at a time.
class Database {
  public:
    virtual ~Database() = default;
    virtual Engine engine() const = 0;
    virtual Poco::Data::Session open_writer() = 0;
    virtual Poco::Data::Session open_reader() = 0;
    // Makes what the WAL holds part of the file, without waiting for readers. Called by the writer
    // between two transactions; a no-op where the engine does it itself.
    virtual void checkpoint(Poco::Data::Session& writer) = 0;
    // Rows that this session has changed since it was opened, where the engine counts them.
    virtual std::optional<std::int64_t> changed_rows(Poco::Data::Session&) { return {}; }
    // A consistent copy into a new SQLite file while the store is in use.
    virtual Result<void> backup(Poco::Data::Session& reader, const std::string& file) = 0;
};

// Opens or makes the file and takes the store's lock (FILE.lock), so that a second gateway on the
// same store is refused. sync=false is for simulations of months, never for mail. Throws
// std::runtime_error with a sentence for the operator.
std::unique_ptr<Database> open_sqlite(const std::string& file, bool sync = true);

}  // namespace waypost::store
