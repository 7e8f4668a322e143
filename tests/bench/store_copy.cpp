// SPDX-License-Identifier: Apache-2.0
// A box's store into PostgreSQL and back: rows a second, and how far PostgreSQL's own COPY from a
// file of its server is from it. WAYPOST_BENCH_DELIVERIES=N for another size.
#include <Poco/Data/Session.h>
#include <Poco/Data/Statement.h>

#include <cstdlib>
#include <map>

#include "gateway/store/copy.h"
#include "gateway/store/postgresql.h"
#include "gateway/store/rows.h"
#include "tests/bench/bench.h"
#include "tests/postgresql/server.h"
#include "tests/unit/gateway/store/engine.h"

namespace waypost::bench {
namespace {

using namespace Poco::Data::Keywords;
using store::CopyStep;
using store::Engine;

long deliveries() {
    const char* said = std::getenv("WAYPOST_BENCH_DELIVERIES");
    return said != nullptr ? std::atol(said) : 1'000'000;
}

// What stands in a column of row `i` of a store that has run for a while.
store::Value value_of(const store::Column& column, long i) {
    using store::ColumnType;
    if (column.name == "body_file") return std::string();
    if (column.name == "body") return std::string(1024, 'x');
    if (column.name == "text") return std::string(200, 'y');
    if (column.name == "state") return std::int64_t{7};
    if (column.type == ColumnType::Bytes) return {};
    if (column.type == ColumnType::Text) return column.name + std::to_string(i);
    return std::int64_t{i};
}

void fill(store::Database& database, const std::string& name, long rows) {
    Poco::Data::Session session = database.open_writer();
    for (const store::TableShape& table : tables_of(session, Engine::Sqlite)) {
        if (table.name != name) continue;
        session.begin();
        const auto writer = write_rows(session, Engine::Sqlite, table);
        for (long i = 1; i <= rows; ++i) {
            store::Values row;
            for (const store::Column& column : table.columns) row.push_back(value_of(column, i));
            writer->put(row);
        }
        session.commit();
    }
}

// Seconds of each phase.
std::map<CopyStep::Phase, double> copy(const store::CopyEnd& from, const store::CopyEnd& to) {
    std::map<CopyStep::Phase, double> took;
    double until = 0;
    const StopWatch watch;
    store::CopyOptions options;
    auto phase = CopyStep::Phase::Reading;
    options.told = [&](const CopyStep& step) {
        const double now_s = watch.seconds();
        took[phase] += now_s - until;
        until = now_s;
        phase = step.phase;
    };
    const auto copied = copy_store(from, to, options);
    if (!copied.ok()) throw std::runtime_error(copied.error().text);
    took[phase] += watch.seconds() - until;
    return took;
}

void print_phases(const std::string& way, long rows,
                  const std::map<CopyStep::Phase, double>& took) {
    double all = 0;
    for (const auto& [phase, seconds] : took) {
        const char* name = phase == CopyStep::Phase::Reading   ? ": read and summed"
                           : phase == CopyStep::Phase::Writing ? ": written"
                                                               : ": read back and compared";
        row(way + name, static_cast<double>(rows) / seconds, "rows/s");
        all += seconds;
    }
    row(way + ": all", static_cast<double>(rows) / all, "rows/s", std::to_string(all) + " s");
}

// Rows a second of the table `deliveries` alone, from a file of the server's, indexes too.
double by_copy_of_its_own(store::Database& hub, long rows) {
    Poco::Data::Session session = hub.open_writer();
    const std::string file = "/tmp/waypost-bench-" + system_random()->hex(8);
    session << "COPY deliveries TO '" + file + "'", now;
    session << "CREATE TABLE copied (LIKE deliveries INCLUDING ALL)", now;
    const StopWatch watch;
    session << "COPY copied FROM '" + file + "'", now;
    const double rate = static_cast<double>(rows) / watch.seconds();
    session << "DROP TABLE copied", now;
    std::filesystem::remove(file);
    return rate;
}

double by_rows_of_ours(store::Database& from, store::Database& hub, long rows) {
    Poco::Data::Session source = from.open_reader(), target = hub.open_writer();
    target << "CREATE TABLE copied (LIKE deliveries INCLUDING ALL)", now;
    double rate = 0;
    for (const store::TableShape& table : tables_of(source, Engine::Sqlite)) {
        if (table.name != "deliveries") continue;
        store::TableShape other = table;
        other.name = "copied";
        const StopWatch watch;
        target.begin();
        const auto reader = read_rows(source, Engine::Sqlite, table);
        const auto writer = write_rows(target, Engine::Postgresql, other);
        for (store::Values row; reader->next(row);) writer->put(row);
        writer->flush();
        target.commit();
        rate = static_cast<double>(rows) / watch.seconds();
    }
    target << "DROP TABLE copied", now;
    return rate;
}

}  // namespace

int store_copy() {
    const long count = deliveries();
    const std::map<std::string, long> sizes = {{"messages", count},
                                               {"deliveries", count},
                                               {"events", 3 * count},
                                               {"items", count},
                                               {"duplicate_keys", count}};
    const store::TempFolder folder;
    const auto random = system_random();
    const auto box = store::open_sqlite(folder / "box.db");
    const auto box_bodies = store::bodies_in_folder(folder / "box.db.bodies", *random, true);
    {
        Poco::Data::Session session = box->open_writer();
        migrate(session, Engine::Sqlite);
    }
    long rows = 0;
    for (const auto& [name, size] : sizes) {
        fill(*box, name, size);
        rows += size;
    }
    postgresql::Server server;
    server.make("hub");
    const auto hub = store::open_postgresql(server.connection("hub"));
    const auto hub_bodies = store::bodies_in_database(*hub, folder / "hub.spool", *random);
    const auto there = copy({*box, *box_bodies}, {*hub, *hub_bodies});
    print_phases("to PostgreSQL", rows, there);
    const auto again = store::open_sqlite(folder / "again.db");
    const auto again_bodies = store::bodies_in_folder(folder / "again.bodies", *random, true);
    print_phases("to SQLite", rows, copy({*hub, *hub_bodies}, {*again, *again_bodies}));
    const double theirs = by_copy_of_its_own(*hub, count);
    const double ours = by_rows_of_ours(*box, *hub, count);
    row("deliveries alone, ours", ours, "rows/s");
    row("deliveries alone, COPY from a file", theirs, "rows/s");
    print({"store-copy", ours, "COPY", theirs, "rows/s", ours / theirs});
    return 0;
}

}  // namespace waypost::bench
