// SPDX-License-Identifier: Apache-2.0
// Keeps this worker among those of its hub, and takes what nobody does, or what a worker did that
// shows no life any more.
//
// Nobody's clock counts: a worker is dead when its beat has stood still for `dead_after` of the
// time of who looks at it, while the database answered. Then its row goes, under the lock of the
// writers, and with it its right to write (worker_fence.h); its leases go to who saw it.
#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "gateway/base/result.h"
#include "gateway/store/database.h"
#include "gateway/store/worker_table.h"

namespace waypost::hub {

using Steady = std::chrono::steady_clock::time_point;

struct LeaseTimes {
    std::chrono::milliseconds beat{1000};
    std::chrono::milliseconds dead_after{6000};
};

// What the database said at a look round.
struct LookRound {
    std::vector<store::WorkerRow> workers;
    std::vector<store::LeaseRow> leases;
    store::Ms database_ms = 0;  // its clock's
};

// One thread at a time.
class LeaseKeeper {
  public:
    // `wanted`: the names of what there is to do. Nothing is asked of the database yet.
    LeaseKeeper(store::Database& database, store::WorkerRow self, std::set<std::string> wanted,
                LeaseTimes times = {});
    ~LeaseKeeper();

    store::WorkerId id() const { return self_.id; }
    // Its row is made at the first call. Throws Fenced: others took this worker for dead. An error:
    // the database does not answer; what is held stays held, as nobody can have taken it unseen.
    Result<LookRound> step(Steady now);
    bool holds(const std::string& name) const { return held_.count(name) > 0; }
    // Gives back what it holds and its row: at the end of a worker that can still say so.
    void leave() noexcept;

  private:
    struct Session;
    struct Seen {
        std::int64_t beat = 0;
        std::int64_t written = 0;  // a transaction that ended is a sign of life too
        Steady since{};
    };
    void connect();
    void join();
    LookRound look_round(Steady now);
    LookRound read();
    bool is_dead(const store::WorkerRow& worker, Steady now);
    bool is_free(const std::string& name, const LookRound& found) const;
    LookRound take_over(const std::map<store::WorkerId, store::WorkerRow>& dead);

    store::Database& database_;
    store::WorkerRow self_;
    const std::set<std::string> wanted_;
    const LeaseTimes times_;
    std::unique_ptr<Session> session_;  // null: not connected
    bool joined_ = false;
    std::set<std::string> held_;
    std::map<store::WorkerId, Seen> seen_;  // others
    Steady looked_{};
};

}  // namespace waypost::hub
