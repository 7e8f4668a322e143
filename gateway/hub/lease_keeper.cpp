// SPDX-License-Identifier: Apache-2.0
#include "gateway/hub/lease_keeper.h"

#include <Poco/Data/Session.h>
#include <Poco/Exception.h>

#include <algorithm>

#include "gateway/base/log.h"
#include "gateway/store/group_fence.h"

namespace waypost::hub {

struct LeaseKeeper::Session {
    explicit Session(Poco::Data::Session opened) : session(std::move(opened)), workers(session) {}
    Poco::Data::Session session;
    store::WorkerTable workers;
};

LeaseKeeper::LeaseKeeper(store::Database& database, store::WorkerRow self,
                         std::set<std::string> wanted, LeaseTimes times)
    : database_(database), self_(std::move(self)), wanted_(std::move(wanted)), times_(times) {}
LeaseKeeper::~LeaseKeeper() = default;

Result<LookRound> LeaseKeeper::step(Steady now) {
    // Whose own look round was held up has not seen the others live.
    if (now - looked_ > times_.dead_after / 2) seen_.clear();
    looked_ = now;
    try {
        connect();
        if (!joined_) join();
        LookRound found = look_round(now);
        held_.clear();
        for (const store::LeaseRow& each : found.leases)
            if (each.worker == self_.id) held_.insert(each.name);
        return found;
    } catch (const Poco::Exception& e) {
        session_.reset();
        return Error{Code::Internal, "the database: " + e.displayText(), true};
    }
}

void LeaseKeeper::connect() {
    if (session_) return;
    session_ = std::make_unique<Session>(database_.open_writer());
    seen_.clear();
}

void LeaseKeeper::join() {
    session_->session.begin();
    session_->workers.lock();
    self_.began_ms = session_->workers.now();
    session_->workers.remove(self_.id);  // whose commit was not answered
    session_->workers.add(self_);
    session_->session.commit();
    joined_ = true;
    log(Level::Info, "hub", "joined", {{"worker", self_.name}});
}

LookRound LeaseKeeper::look_round(Steady now) {
    if (!session_->workers.beat(self_.id)) throw store::TakenForDead();
    LookRound found = read();
    std::map<store::WorkerId, store::WorkerRow> dead;
    for (const store::WorkerRow& each : found.workers)
        if (is_dead(each, now)) dead.emplace(each.id, each);
    const bool idle = std::any_of(wanted_.begin(), wanted_.end(),
                                  [&](const auto& name) { return is_free(name, found); });
    if (dead.empty() && !idle) return found;
    return take_over(dead);
}

LookRound LeaseKeeper::read() {
    store::WorkerTable& table = session_->workers;
    return {table.all(), table.leases(), table.now()};
}

bool LeaseKeeper::is_dead(const store::WorkerRow& worker, Steady now) {
    if (worker.id == self_.id) return false;
    const Seen fresh{worker.beat, worker.written, now};
    Seen& seen = seen_.try_emplace(worker.id, fresh).first->second;
    if (seen.beat != worker.beat || seen.written != worker.written) seen = fresh;
    return now - seen.since >= times_.dead_after;
}

bool LeaseKeeper::is_free(const std::string& name, const LookRound& found) const {
    const auto lease = std::find_if(found.leases.begin(), found.leases.end(),
                                    [&](const auto& each) { return each.name == name; });
    return lease == found.leases.end() ||
           std::none_of(found.workers.begin(), found.workers.end(),
                        [&](const auto& each) { return each.id == lease->worker; });
}

// Under the lock of the writers: what a dead one had begun is on disk or never will be.
LookRound LeaseKeeper::take_over(const std::map<store::WorkerId, store::WorkerRow>& dead) {
    store::WorkerTable& table = session_->workers;
    session_->session.begin();
    table.lock();
    for (const store::WorkerRow& each : table.all()) {
        const auto found = dead.find(each.id);
        if (found == dead.end() || found->second.beat != each.beat ||
            found->second.written != each.written)
            continue;
        table.remove(each.id);
        log(Level::Warning, "hub", "worker-dead", {{"worker", each.name}});
    }
    const LookRound left = read();
    for (const std::string& name : wanted_) {
        if (!is_free(name, left)) continue;
        const auto before = std::find_if(left.leases.begin(), left.leases.end(),
                                         [&](const auto& each) { return each.name == name; });
        const std::int64_t epoch = before == left.leases.end() ? 0 : before->epoch;
        table.put({name, self_.id, epoch + 1, left.database_ms});
        log(Level::Info, "hub", "lease-taken", {{"lease", name}});
    }
    session_->session.commit();
    return read();
}

void LeaseKeeper::leave() noexcept {
    if (!session_ || !joined_) return;
    try {
        session_->session.begin();
        session_->workers.lock();
        session_->workers.remove(self_.id);
        session_->session.commit();
        joined_ = false;
        held_.clear();
    } catch (const Poco::Exception& e) {
        // The others find out.
        log(Level::Warning, "hub", "left-unsaid", {{"why", e.displayText()}});
        session_.reset();
    }
}

}  // namespace waypost::hub
