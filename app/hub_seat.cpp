// SPDX-License-Identifier: Apache-2.0
#include "app/hub_seat.h"

#include <Poco/Data/Session.h>
#include <Poco/Environment.h>
#include <Poco/Exception.h>

#include <algorithm>
#include <cstdlib>
#include <stdexcept>

#include "gateway/base/log.h"
#include "gateway/store/copy.h"
#include "gateway/store/group_fence.h"
#include "gateway/store/postgresql.h"

namespace waypost {
namespace {

constexpr char kWork[] = "gateway";  // all of it: one lease
constexpr hub::LeaseTimes kTimes;

std::string worker_name(const Config& config) {
    const SectionValues& store = config.section("store");
    return store.has("worker") ? store.text("worker") : Poco::Environment::nodeName();
}

// Of chance, so that no run of any worker has that of another.
store::WorkerId new_id(Random& random) {
    constexpr std::size_t kBytes = 7;  // fits a signed number of 64 bits
    return std::stoll(random.hex(kBytes), nullptr, 16);
}

void migrate(store::Database& database) {
    try {
        Poco::Data::Session session = database.open_writer();
        store::open_schema(session, database.engine());
    } catch (const Poco::Exception& e) {
        throw std::runtime_error("cannot use the database: " + e.displayText());
    }
}

}  // namespace

void end_at_once(const std::string& why) {
    log(Level::Error, "hub", "ends", {{"why", why}});
    std::_Exit(kFencedExit);
}

SeatClock::SeatClock(HubSeat& seat, const Clock& machine) : seat_(seat), clock_(machine) {
    seat_.on_look(
        [this](const hub::LookRound& found) { clock_.is(wall_from_ms(found.database_ms)); });
}

std::unique_ptr<HubSeat> HubSeat::of(const Config& config, Random& random) {
    const std::string connection = config.section("store").text("postgresql");
    if (connection.empty()) return nullptr;
    auto database = store::open_postgresql(connection, store::Sharing::Workers);
    migrate(*database);
    return std::unique_ptr<HubSeat>(new HubSeat(config, std::move(database), new_id(random)));
}

HubSeat::HubSeat(const Config& config, std::unique_ptr<store::Database> database, std::int64_t id)
    : connection_(config.section("store").text("postgresql")),
      database_(std::move(database)),
      keeper_(*database_, {id, worker_name(config), WAYPOST_VERSION}, {kWork}, kTimes),
      fence_(id) {}

HubSeat::~HubSeat() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    stopped_.notify_all();
    if (thread_.joinable()) thread_.join();
    keeper_.leave();
}

std::unique_ptr<store::Database> HubSeat::open_database() const {
    return store::open_postgresql(connection_, store::Sharing::Workers);
}

std::vector<WorkerFacts> HubSeat::facts() {
    const std::lock_guard lock(mutex_);
    std::vector<WorkerFacts> all;
    for (const store::WorkerRow& each : last_.workers) {
        const bool works =
            std::any_of(last_.leases.begin(), last_.leases.end(),
                        [&](const store::LeaseRow& lease) { return lease.worker == each.id; });
        all.push_back({each.name, each.release, each.began_ms, each.id == keeper_.id(), works});
    }
    return all;
}

bool HubSeat::has_work() {
    const auto found = look();
    if (!found.ok()) {
        waits_for_ = found.error().text;
        return false;
    }
    for (const store::LeaseRow& lease : found->leases)
        for (const store::WorkerRow& worker : found->workers)
            if (lease.worker == worker.id) waits_for_ = worker.name + " has the hub's work";
    return keeper_.holds(kWork);
}

Result<hub::LookRound> HubSeat::look() {
    try {
        auto found = keeper_.step(std::chrono::steady_clock::now());
        const std::lock_guard lock(mutex_);
        if (found.ok()) {
            last_ = *found;
            last_at_ = std::chrono::steady_clock::now();
        }
        return found;
    } catch (const store::Fenced& e) {
        end_at_once(e.what());
    }
}

void HubSeat::keep() {
    thread_ = std::thread([this] { loop(); });
}

void HubSeat::on_look(OnLook looked) {
    using std::chrono::milliseconds;
    const std::lock_guard lock(mutex_);
    looked_ = std::move(looked);
    if (!looked_ || last_.workers.empty()) return;
    hub::LookRound now = last_;
    now.database_ms +=
        std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now() - last_at_)
            .count();
    looked_(now);
}

void HubSeat::loop() {
    bool answered = true;
    std::unique_lock lock(mutex_);
    while (!stopped_.wait_for(lock, kTimes.beat, [this] { return stopping_; })) {
        lock.unlock();
        const auto found = look();
        lock.lock();
        if (found.ok() && looked_) looked_(*found);
        if (found.ok() != answered)
            log(Level::Warning, "hub", found.ok() ? "database-back" : "database-gone",
                {{"why", found.ok() ? "" : found.error().text}});
        answered = found.ok();
    }
}

}  // namespace waypost
