// SPDX-License-Identifier: Apache-2.0
// This program's place among the workers of a hub (doc/hub.md). One of them has the hub's work, the
// others wait; when it ends, or shows no life, the next one takes over.
#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>

#include "gateway/base/random.h"
#include "gateway/config/config.h"
#include "gateway/delivery/worker_facts.h"
#include "gateway/hub/hub_clock.h"
#include "gateway/hub/lease_keeper.h"
#include "gateway/hub/worker_fence.h"

namespace waypost {

class HubSeat {
  public:
    using OnLook = std::function<void(const hub::LookRound&)>;

    // Null: the settings name no PostgreSQL, this is a box. Brings the database to this release's
    // schema. Throws std::runtime_error with a sentence for the operator.
    static std::unique_ptr<HubSeat> of(const Config& config, Random& random);
    ~HubSeat();  // others need not wait until they miss it
    HubSeat(const HubSeat&) = delete;
    HubSeat& operator=(const HubSeat&) = delete;

    // One look: true, this worker has the hub's work from now on. Until then about once a second;
    // why it has not, in a sentence, is `waits_for()`.
    bool has_work();
    const std::string& waits_for() const { return waits_for_; }
    // Goes on looking, on a thread of its own. When others took it for dead the process ends at
    // once, with kFencedExit: what it has begun is theirs.
    void keep();
    // What the last look found, at once, and after each look from now on, on that thread; an empty
    // function: no more. It does not call this object. Any thread.
    void on_look(OnLook looked);

    std::vector<WorkerFacts> facts();  // as of the last look; any thread
    std::unique_ptr<store::Database> open_database() const;
    store::GroupFence& fence() { return fence_; }

  private:
    HubSeat(const Config& config, std::unique_ptr<store::Database> database, std::int64_t id);
    Result<hub::LookRound> look();
    void loop();

    const std::string connection_;
    const std::unique_ptr<store::Database> database_;
    hub::LeaseKeeper keeper_;
    hub::WorkerFence fence_;
    std::string waits_for_;
    std::mutex mutex_;
    std::condition_variable stopped_;
    bool stopping_ = false;
    OnLook looked_;
    hub::LookRound last_;
    hub::Steady last_at_{};
    std::thread thread_;
};

// The database's clock, as the seat sees it, while this lives. Both outlive it.
class SeatClock {
  public:
    SeatClock(HubSeat& seat, const Clock& machine);
    ~SeatClock() { seat_.on_look({}); }
    SeatClock(const SeatClock&) = delete;
    SeatClock& operator=(const SeatClock&) = delete;
    const Clock& clock() const { return clock_; }

  private:
    HubSeat& seat_;
    hub::HubClock clock_;
};

// The process ends without answering anybody: what it was asked and did not answer is asked again.
constexpr int kFencedExit = 3;
[[noreturn]] void end_at_once(const std::string& why);

}  // namespace waypost
