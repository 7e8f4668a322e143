// SPDX-License-Identifier: Apache-2.0
// The programs that share one store (the workers of a hub), and which of them does what. Only on
// PostgreSQL; in a box's own store the tables are empty.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "gateway/store/records.h"
#include "gateway/store/session.h"

namespace waypost::store {

using WorkerId = std::int64_t;  // of one run of the program; never used again

struct WorkerRow {
    WorkerId id = 0;
    std::string name;  // the machine's, or as its settings say
    std::string release;
    Ms began_ms = 0;           // by the database's clock
    std::int64_t beat = 0;     // goes up while it lives
    std::int64_t written = 0;  // the last group of its writer that is on disk
};

// Who does `name`. The epoch goes up whenever that changes.
struct LeaseRow {
    std::string name;
    WorkerId worker = 0;
    std::int64_t epoch = 0;
    Ms since_ms = 0;  // by the database's clock
};

// One session's, as the other tables.
class WorkerTable {
  public:
    explicit WorkerTable(Poco::Data::Session& session);
    ~WorkerTable();

    // In a transaction: waits until no other worker writes, and keeps them waiting to its end.
    void lock();
    void add(const WorkerRow& row);
    void remove(WorkerId id);
    std::vector<WorkerRow> all();
    // False: there is no such worker any more.
    bool beat(WorkerId id);
    bool write(WorkerId id, std::int64_t group);
    // The last group on disk, once whatever writes it now has ended. Nullopt: no such worker.
    std::optional<std::int64_t> written(WorkerId id);

    std::vector<LeaseRow> leases();
    void put(const LeaseRow& row);
    void remove_lease(const std::string& name);

    Ms now();  // the database's clock

  private:
    struct Statements;
    std::unique_ptr<Statements> s_;
};

}  // namespace waypost::store
