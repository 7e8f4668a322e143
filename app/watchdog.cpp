// SPDX-License-Identifier: Apache-2.0
#include "app/watchdog.h"

#include <algorithm>
#include <utility>

#include "gateway/base/log.h"

namespace waypost {
namespace {

// The main thread goes round every three seconds, however little the service manager waits.
constexpr std::chrono::seconds kLeastPatience{10};

}  // namespace

Watchdog::Watchdog(const ServiceManager& manager, const Clock& clock)
    : manager_(manager),
      clock_(clock),
      patience_(
          std::max<milliseconds>(manager.watchdog().value_or(milliseconds(0)) / 2, kLeastPatience)),
      main_moved_(clock.box()) {}

void Watchdog::start() {
    if (!manager_.watchdog()) return;
    look();
    ticker_.start(std::max(*manager_.watchdog() / 4, milliseconds(1)), [this] { look(); });
}

void Watchdog::watch(AskWriter ask) {
    const std::lock_guard lock(mutex_);
    ask_ = std::move(ask);
    answer_.reset();
    main_moved_ = clock_.box();
    may_be_silent_until_ = {};
}

void Watchdog::leave(milliseconds patience) {
    const std::lock_guard lock(mutex_);
    ask_ = nullptr;
    answer_.reset();
    may_be_silent_until_ = clock_.box() + patience;
}

void Watchdog::main_moves() {
    const std::lock_guard lock(mutex_);
    main_moved_ = clock_.box();
}

void Watchdog::look() {
    const char* still = nullptr;
    bool news = false;
    {
        const std::lock_guard lock(mutex_);
        still = standing_still(clock_.box());
        news = (still != nullptr) != std::exchange(told_still_, still != nullptr);
    }
    if (still == nullptr) {
        manager_.tell("WATCHDOG=1");
        if (news) log(Level::Info, "watchdog", "moves-again");
    } else if (news) {
        log(Level::Error, "watchdog", "stands-still", {{"what", still}});
        manager_.tell(std::string("STATUS=stands still: ") + still);
    }
}

// The writer is asked under the lock, so that leave() is the end of it; what it calls back touches
// only the answer.
const char* Watchdog::standing_still(BoxTime now) {
    if (ask_ && (!answer_ || *answer_)) {
        answer_ = std::make_shared<std::atomic<bool>>(false);
        asked_ = now;
        ask_([answer = answer_] { *answer = true; });
    }
    if (now < may_be_silent_until_) return nullptr;
    if (now - main_moved_ > patience_) return "the main thread";
    if (answer_ && !*answer_ && now - asked_ > patience_) return "the store's writer";
    return nullptr;
}

}  // namespace waypost
