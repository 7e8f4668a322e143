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
#include "gateway/store/tables.h"
#include "gateway/store/writer.h"

namespace waypost::store {

struct StoreOptions {
    std::string bodies_folder;  // in a hub: what is still coming
    bool sync = true;
    // Where several workers share the database: bodies are in it. It outlives the store.
    GroupFence* fence = nullptr;
    std::function<void(const std::string& why)> lost{};  // as Writer::on_lost
};

// Thread-safe. Opening migrates, resumes attempts without outcome and sweeps orphaned bodies;
// it throws std::runtime_error with a sentence for the operator.
class Store {
  public:
    Store(std::unique_ptr<Database> database, const StoreOptions& options, Random& random);
    ~Store();

    Writer& writer() { return *writer_; }
    Bodies& bodies() { return *bodies_; }
    std::size_t resumed() const { return resumed_; }

    // Runs `query` on a read-only session, on the caller's thread, against what is committed now.
    template <class Query>
    auto read(Query query) -> Result<decltype(query(std::declval<Tables&>()))> {
        return read_by(query, false);
    }
    // The same for a query of many statements: on SQLite they are locked once and not each, which
    // is half of what they cost, and all of them see one state.
    template <class Query>
    auto read_together(Query query) -> Result<decltype(query(std::declval<Tables&>()))> {
        return read_by(query, true);
    }

    // The database alone, as a consistent copy.
    Result<void> copy_database(const std::string& file);

  private:
    struct ReadSession;
    struct Close {
        void operator()(ReadSession* session) const noexcept;
    };
    using Reader = std::unique_ptr<ReadSession, Close>;
    template <class Query>
    auto read_by(Query& query, bool together) -> Result<decltype(query(std::declval<Tables&>()))> {
        for (;;) {
            Reader reader;
            try {
                reader = take_reader();
                if (together) begin(*reader);
                auto value = query(tables_of(*reader));
                if (together) end(*reader);
                give_back(std::move(reader));
                return {std::move(value)};
            } catch (const Poco::Exception& e) {
                // The session goes with it, and so does a transaction that was not ended.
                if (!was_stale(std::move(reader)))
                    return Error{Code::Internal, e.displayText(), true};
            }
        }
    }
    static Tables& tables_of(ReadSession& reader);
    static void begin(ReadSession& reader);
    static void end(ReadSession& reader);
    Reader take_reader();
    void give_back(Reader reader);
    void resume();
    void sweep();
    bool was_stale(Reader failed);

    std::unique_ptr<Database> database_;
    Ids ids_;
    Ids no_ids_;  // readers never insert
    std::unique_ptr<Bodies> bodies_;
    std::unique_ptr<Writer> writer_;
    std::size_t resumed_ = 0;
    std::mutex mutex_;
    std::vector<Reader> idle_;
};

}  // namespace waypost::store
