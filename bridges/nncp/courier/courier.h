// SPDX-License-Identifier: Apache-2.0
// The courier: notices sticks and directories, and exchanges packets with them by itself
// (exchange.h). A stick that is not known is asked about first, and not touched until somebody
// accepts it: accept(), `waypost usb accept ID`, from any process.
//
// A transport uses it so: make it, start(), look() whenever something was queued, toss when
// Ended tells that something was received, status() for the console, stop(). Threads: start() has
// one of its own, which calls `event`; status(), look() and accept() may be called by any thread,
// but not by `event`, except status().
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "bridges/nncp/courier/exchange.h"
#include "bridges/nncp/courier/folder_watch.h"
#include "bridges/nncp/courier/led.h"
#include "bridges/nncp/courier/mounter.h"

namespace waypost::nncp {

struct CourierOptions {
    PlaceOptions places;
    ExchangeOptions exchange;         // its `progress` is not called
    std::chrono::seconds every{600};  // directories are visited at least so often
    std::vector<std::string> known;   // ids that need no asking
    std::filesystem::path led;        // "/sys/class/leds/NAME"; empty: none
};

struct StickStatus {
    enum class State {
        Asking,   // not known: nothing was touched
        Refused,  // somebody said no
        Working,  // do not pull
        Safe,     // safe to pull
        Failed,   // `why`; nothing is lost, putting it in again goes on
    };
    std::string id, name;
    std::filesystem::path path;  // where it is mounted; empty: nowhere
    bool directory = false;      // of the configuration
    State state = State::Asking;
    Phase phase = Phase::Reading;
    Progress progress;                             // of the phase
    std::size_t received = 0, sent = 0, left = 0;  // packets of the last exchange
    std::uint64_t bytes = 0;                       // of those that moved
    std::optional<std::uint64_t> free;             // bytes there, after the last exchange
    std::string why;                               // of Failed
    std::string why_left;                          // of the first packet that was left
    WallTime at{};                                 // of the last change of state
};
const char* to_string(StickStatus::State state);  // "asking"

struct CourierEvent {
    enum class Kind { Ask, Began, Progress, Ended, Gone };
    Kind kind = Kind::Ask;
    StickStatus stick;
    const ExchangeReport* report = nullptr;  // of Ended, if it came that far
};

// What the outside is made of; empty ones are the real ones.
struct CourierParts {
    std::unique_ptr<StickDevices> devices;
    std::unique_ptr<Mounter> mounter;
    const Clock* clock = nullptr;  // outlives it
};

class Courier {
  public:
    using OnEvent = std::function<void(const CourierEvent&)>;
    // Configuration and spool outlive it.
    Courier(const NodeConfig& config, const Spool& spool, CourierOptions options, OnEvent event,
            CourierParts parts = {});
    ~Courier();
    Courier(const Courier&) = delete;
    Courier& operator=(const Courier&) = delete;

    Result<void> start();
    void stop();  // an exchange that goes on ends within a piece of 128 KiB
    void look();  // visits directories now
    Result<void> accept(const std::string& id);
    Result<void> refuse(const std::string& id);
    std::vector<StickStatus> status() const;

    // Looks once and exchanges with what is due, in this thread. What start() does again and again;
    // not beside it.
    void turn();
    // One exchange with this device or directory, in this thread, without start(). It is accepted
    // by that. Failed or Safe.
    Result<StickStatus> exchange(const std::filesystem::path& device_or_directory);
    void interrupt() { stopping_ = true; }  // an exchange(); from a signal handler too

  private:
    static constexpr const char* kEverywhere = "*";  // all directories are due
    void run();
    void try_turn();
    void wait();
    void watch_folders(const std::vector<Place>& places);
    void drop_gone(const std::vector<Place>& places);
    bool may_use(const Place& place);
    bool due(const Place& place);
    void visit(const Place& place);
    void try_visit(const Place& place);
    void serve(const Place& place);
    bool is_mounted(const Place& place) const;
    Result<ExchangeReport> carry(const Place& place);
    Result<ExchangeReport> exchange_with_place(const Place& place);
    void count(const std::string& id, const ExchangeReport& report);
    void set(const Place& place, StickStatus::State state, const std::string& why = {});
    void change(const std::string& id, const std::function<void(StickStatus&)>& how);
    void tell(CourierEvent::Kind kind, const std::string& id,
              const ExchangeReport* report = nullptr);
    void show();

    const NodeConfig& config_;
    const Spool& spool_;
    const CourierOptions options_;
    const OnEvent event_;
    CourierParts parts_;
    SystemClock system_clock_;
    const Clock& clock_;
    std::optional<CourierBook> book_;
    std::optional<Error> no_book_;
    Led led_;
    FolderWatch folders_;

    // Of the thread that turns.
    std::vector<std::filesystem::path> old_;  // folders that were there at the start
    std::set<std::string> served_;            // sticks that were, since they came
    std::map<std::string, BoxTime> next_;     // when directories are visited again
    std::map<std::string, int> tries_;        // of sticks that wait for a call to end
    bool begun_ = false;                      // the exchange that goes on was told of

    mutable std::mutex mutex_;
    std::map<std::string, StickStatus> sticks_;  // under mutex_; by id
    std::atomic<bool> stopping_{false}, looking_{false};
    Fd wake_, mountinfo_;
    std::thread thread_;
};

}  // namespace waypost::nncp
