// SPDX-License-Identifier: Apache-2.0
#include "gateway/store/worker_table.h"

#include "gateway/store/advisory_locks.h"
#include "gateway/store/columns.h"
#include "gateway/store/prepared.h"

namespace waypost::store {

using I64 = std::int64_t;
using Text = std::string;

struct WorkerTable::Statements {
    explicit Statements(Poco::Data::Session& s)
        : lock(s, take_lock("pg_advisory_xact_lock", kWritingLock)),
          add(s,
              "INSERT INTO workers (id, name, release, began, beat, written)"
              " VALUES (?,?,?,?,?,?)"),
          remove(s, "DELETE FROM workers WHERE id = ?"),
          all(s, "SELECT id, name, release, began, beat, written FROM workers ORDER BY began, id"),
          beat(s, "UPDATE workers SET beat = beat + 1 WHERE id = ? RETURNING beat"),
          write(s, "UPDATE workers SET written = ? WHERE id = ? RETURNING written"),
          written(s, "SELECT written FROM workers WHERE id = ? FOR UPDATE"),
          leases(s, "SELECT name, worker, epoch, since FROM leases ORDER BY name"),
          put(s, "INSERT INTO leases (name, worker, epoch, since) VALUES (?,?,?,?)"),
          remove_lease(s, "DELETE FROM leases WHERE name = ?"),
          now(s, "SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)") {}
    Prepared<Params<>, Row<int>> lock;
    Prepared<Params<I64, Text, Text, I64, I64, I64>> add;
    Prepared<Params<I64>> remove;
    Prepared<Params<>, Row<I64, Text, Text, I64, I64, I64>> all;
    Prepared<Params<I64>, Row<I64>> beat;
    Prepared<Params<I64, I64>, Row<I64>> write;
    Prepared<Params<I64>, Row<I64>> written;
    Prepared<Params<>, Row<Text, I64, I64, I64>> leases;
    Prepared<Params<Text, I64, I64, I64>> put;
    Prepared<Params<Text>> remove_lease;
    Prepared<Params<>, Row<I64>> now;
};

WorkerTable::WorkerTable(Poco::Data::Session& session)
    : s_(std::make_unique<Statements>(session)) {}
WorkerTable::~WorkerTable() = default;

void WorkerTable::lock() { s_->lock.run(); }

void WorkerTable::add(const WorkerRow& row) {
    s_->add.run(row.id, row.name, row.release, row.began_ms, row.beat, row.written);
}

void WorkerTable::remove(WorkerId id) { s_->remove.run(id); }

std::vector<WorkerRow> WorkerTable::all() {
    std::vector<WorkerRow> rows;
    for (auto& [id, name, release, began, beat, written] : s_->all.all())
        rows.push_back({id, std::move(name), std::move(release), began, beat, written});
    return rows;
}

bool WorkerTable::beat(WorkerId id) { return s_->beat.one(id).has_value(); }

bool WorkerTable::write(WorkerId id, std::int64_t group) {
    return s_->write.one(group, id).has_value();
}

std::optional<std::int64_t> WorkerTable::written(WorkerId id) {
    return value_of(s_->written.one(id));
}

std::vector<LeaseRow> WorkerTable::leases() {
    std::vector<LeaseRow> rows;
    for (auto& [name, worker, epoch, since] : s_->leases.all())
        rows.push_back({std::move(name), worker, epoch, since});
    return rows;
}

void WorkerTable::put(const LeaseRow& row) {
    s_->remove_lease.run(row.name);
    s_->put.run(row.name, row.worker, row.epoch, row.since_ms);
}

void WorkerTable::remove_lease(const std::string& name) { s_->remove_lease.run(name); }

Ms WorkerTable::now() { return value_of(s_->now.one()).value_or(0); }

}  // namespace waypost::store
