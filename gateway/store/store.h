// SPDX-License-Identifier: Apache-2.0
// The durable store: what waypost is trusted with. One writer with group commit, a few readers,
// bodies beside the database, online backup.
#pragma once

#include <Poco/Exception.h>

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "gateway/base/random.h"
#include "gateway/base/result.h"
#include "gateway/store/bodies.h"
#include "gateway/store/database.h"
#include "gateway/store/sqlite_statement.h"
#include "gateway/store/tables.h"
#include "gateway/store/writer.h"

namespace waypost::store {

struct StoreOptions {
    std::string bodies_folder;
    bool sync = true;
};

// Thread-safe. Opening migrates, resumes attempts without outcome and sweeps orphaned bodies;
// it throws std::runtime_error with a sentence for the operator.
class Store {
  public:
    Store(std::unique_ptr<Database> database, const StoreOptions& options, Random& random);
    ~Store();

    Writer& writer() { return *writer_; }
    Bodies& bodies() { return bodies_; }
    std::size_t resumed() const { return resumed_; }

    // Runs `query` on a read-only session, on the caller's thread, against what is committed now.
    template <class Query>
    auto read(Query query) -> Result<decltype(query(std::declval<Tables&>()))> {
        return read_by([&query](ReadSession& reader) { return query(reader.tables); });
    }
    // The same for a query of many statements: on SQLite they are locked once and not each, which
    // is half of what they cost, and all of them see one state.
    template <class Query>
    auto read_together(Query query) -> Result<decltype(query(std::declval<Tables&>()))> {
        return read_by([&query](ReadSession& reader) {
            if (reader.begin) reader.begin->step();
            auto value = query(reader.tables);
            if (reader.end) reader.end->step();
            return value;
        });
    }

    // The database alone, as a consistent copy.
    Result<void> copy_database(const std::string& file);

  private:
    struct ReadSession {
        ReadSession(Poco::Data::Session opened, Ids& ids);
        Poco::Data::Session session;
        Tables tables;
        std::unique_ptr<SqliteStatement> begin, end;  // of a transaction; on SQLite
    };
    using Reader = std::unique_ptr<ReadSession>;
    template <class Work>
    auto read_by(Work work) -> Result<decltype(work(std::declval<ReadSession&>()))> {
        Reader reader = take_reader();
        try {
            auto value = work(*reader);
            give_back(std::move(reader));
            return {std::move(value)};
        } catch (const Poco::Exception& e) {
            // The session goes with it, and so does a transaction that was not ended.
            return Error{Code::Internal, e.displayText(), true};
        }
    }
    Reader take_reader();
    void give_back(Reader reader);
    void load_ids();

    std::unique_ptr<Database> database_;
    Ids ids_;
    Ids no_ids_;  // readers never insert
    Bodies bodies_;
    std::unique_ptr<Writer> writer_;
    std::size_t resumed_ = 0;
    std::mutex mutex_;
    std::vector<Reader> idle_;
};

}  // namespace waypost::store
