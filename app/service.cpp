// SPDX-License-Identifier: Apache-2.0
#include "app/service.h"

#include <utility>

namespace waypost {
namespace {

// A store may be migrated or put back from a copy in that time.
constexpr std::chrono::minutes kOpening{15};

}  // namespace

void Service::waits(const std::string& status) {
    if (!std::exchange(watched_, true)) {
        watchdog_.watch([](const std::function<void()>& answered) { answered(); });
        manager_.tell("READY=1");
        watchdog_.start();
    }
    watchdog_.main_moves();
    say(status);
}

void Service::opens() {
    watchdog_.leave(kOpening);
    say("opens");
}

void Service::serves(Gateway& gateway) {
    watchdog_.watch(
        [&gateway](std::function<void()> answered) { gateway.ask_writer(std::move(answered)); });
    manager_.tell("READY=1");
    if (!std::exchange(watched_, true)) watchdog_.start();
    say(gateway.ways_in_words());
}

void Service::goes_round(Gateway& gateway) {
    watchdog_.main_moves();
    say(gateway.ways_in_words());
}

void Service::opens_anew() {
    watchdog_.leave(kOpening);
    manager_.tell("RELOADING=1");
    say("opens anew");
}

void Service::ends() {
    watchdog_.leave(kOpening);
    manager_.tell("STOPPING=1");
    say("closing");
}

void Service::say(const std::string& status) {
    if (status == said_) return;
    said_ = status;
    manager_.tell("STATUS=" + status);
}

}  // namespace waypost
