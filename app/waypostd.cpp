// SPDX-License-Identifier: Apache-2.0
// The daemon: reads its configuration, runs the gateway until told to stop.
#include <malloc.h>

#include <CLI/CLI.hpp>
#include <csignal>
#include <ctime>
#include <iostream>

#include "app/gateway.h"
#include "app/transports.h"
#include "gateway/base/local_time.h"
#include "gateway/base/log.h"

namespace {

// Many short threads with an arena each would cost more memory than they save time.
void use_little_memory() {
    ::mallopt(M_ARENA_MAX, 2);
    ::mallopt(M_TRIM_THRESHOLD, 256 * 1024);
}

waypost::Level level_of(const std::string& name) {
    if (name == "error") return waypost::Level::Error;
    if (name == "warning") return waypost::Level::Warning;
    return name == "debug" ? waypost::Level::Debug : waypost::Level::Info;
}

int run(const std::string& file) {
    auto loaded = waypost::load_config(file, waypost::all_sections());
    if (!loaded.ok()) throw std::runtime_error(loaded.error().text);
    for (const auto& problem : loaded->problems) {
        waypost::log(waypost::Level::Error, "config", "wrong",
                     {{"at", problem.place}, {"why", problem.text}});
    }
    if (!loaded->problems.empty()) return 2;
    waypost::set_log_level(level_of(loaded->config.section("log").text("level")));

    const auto zone = waypost::use_timezone(loaded->config.section("box").text("timezone"));
    if (!zone.ok()) throw std::runtime_error("[box] timezone: " + zone.error().text);

    // Blocked before any thread starts, so that every thread leaves them to the loop below.
    sigset_t signals;
    sigemptyset(&signals);
    for (const int each : {SIGINT, SIGTERM, SIGHUP}) sigaddset(&signals, each);
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    std::signal(SIGPIPE, SIG_IGN);

    waypost::Gateway gateway(loaded->config);
    waypost::log(waypost::Level::Info, "gateway", "open");
    for (;;) {
        gateway.look_for_hardware();
        const timespec pause{3, 0};
        const int signal = sigtimedwait(&signals, nullptr, &pause);
        if (signal == SIGHUP) {
            waypost::log(waypost::Level::Warning, "gateway", "not-reloaded",
                         {{"why", "new settings count from the next start"}});
        } else if (signal > 0) {
            break;
        }
    }
    waypost::log(waypost::Level::Info, "gateway", "closing");
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    use_little_memory();
    CLI::App app{"Waypost, the post office of a village"};
    std::string config = "/etc/waypost/waypost.toml";
    app.add_option("--config", config, "configuration file");
    CLI11_PARSE(app, argc, argv);
    try {
        return run(config);
    } catch (const std::exception& e) {
        waypost::log(waypost::Level::Error, "gateway", "cannot-run", {{"why", e.what()}});
        return 1;
    }
}
