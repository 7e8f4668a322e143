// SPDX-License-Identifier: Apache-2.0
// The daemon: reads its configuration, runs the gateway until told to stop, and opens it anew on
// SIGHUP or where the console wishes it.
#include <malloc.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <csignal>
#include <ctime>
#include <memory>
#include <thread>

#include "app/check_settings.h"
#include "app/command_line.h"
#include "app/gateway.h"
#include "app/hub_seat.h"
#include "app/locked_page.h"
#include "app/process_control.h"
#include "app/restore.h"
#include "app/service.h"
#include "app/transports.h"
#include "gateway/base/crash_point.h"
#include "gateway/base/local_time.h"
#include "gateway/base/log.h"

namespace waypost {
namespace {

// Many short threads with an arena each would cost more memory than they save time.
void use_little_memory() {
    ::mallopt(M_ARENA_MAX, 2);
    ::mallopt(M_TRIM_THRESHOLD, 256 * 1024);
}

struct WrongConfig : std::runtime_error {
    using std::runtime_error::runtime_error;
};

// Says what is wrong in it, and throws the first of it.
Config read(const std::string& file) {
    auto loaded = load_config(file, all_sections());
    if (!loaded.ok()) throw std::runtime_error(loaded.error().text);
    if (loaded->problems.empty()) loaded->problems = check_settings(loaded->config);
    for (const auto& problem : loaded->problems)
        log(Level::Error, "config", "wrong", {{"at", problem.place}, {"why", problem.text}});
    if (loaded->problems.empty()) return std::move(loaded->config);
    const ConfigProblem& first = loaded->problems.front();
    throw WrongConfig(first.place + ": " + first.text);
}

void use(const Config& config) {
    use_log_level(config);
    const auto zone = use_timezone(config.section("box").text("timezone"));
    if (!zone.ok()) throw std::runtime_error("[box] timezone: " + zone.error().text);
}

// Until a signal comes: false, it is the end; true, SIGHUP.
bool serve(Gateway& gateway, Service& service, const sigset_t& signals) {
    for (;;) {
        gateway.look_for_hardware();
        service.goes_round(gateway);
        const timespec pause{3, 0};
        const int signal = sigtimedwait(&signals, nullptr, &pause);
        if (signal == kWakeSignal) gateway.take_up();
        if (signal > 0 && signal != kWakeSignal) return signal == SIGHUP;
    }
}

// Between two gateways: what the console wished. What is wrong with it.
std::string fulfil(const ProcessControl::Wish& wish, const Config& config) {
    crash_point(CrashPoint::StoreClosed);
    if (wish.what != ProcessControl::Wish::What::Restore) return {};
    const auto held = restore_backup(config, wish.backup);
    if (held.ok()) {
        log(Level::Info, "gateway", "restored",
            {{"backup", wish.backup}, {"held", std::to_string(*held)}});
        return {};
    }
    log(Level::Error, "gateway", "not-restored", {{"why", held.error().text}});
    return "the backup was not put back: " + held.error().text;
}

// Until this worker has the hub's work: true; false, the end was asked for.
bool wait_for_work(HubSeat& seat, Service& service, const sigset_t& signals) {
    while (!seat.has_work()) {
        service.waits("waits: " + seat.waits_for());
        const timespec pause{1, 0};
        const int signal = sigtimedwait(&signals, nullptr, &pause);
        if (signal == SIGINT || signal == SIGTERM) return false;
    }
    seat.keep();
    return true;
}

// What was changed while this worker waited. What cannot be used is said, and does not count.
void take_newer(const std::string& file, Config& config) {
    try {
        Config fresh = read(file);
        use(fresh);
        config = std::move(fresh);
    } catch (const std::exception& e) {
        log(Level::Error, "gateway", "former-settings", {{"why", e.what()}});
    }
}

// Not with the settings that are saved: with those that it ran with, and it says so.
std::unique_ptr<Gateway> open_again(const std::string& file, Config& config,
                                    const std::shared_ptr<ProcessControl>& control, HubSeat* seat,
                                    std::string problem) {
    try {
        Config fresh = read(file);
        use(fresh);
        control->opens(fresh, problem);
        auto gateway = std::make_unique<Gateway>(fresh, control, seat);
        config = std::move(fresh);
        return gateway;
    } catch (const std::exception& e) {
        problem = std::string("the saved settings cannot be used: ") + e.what();
        log(Level::Error, "gateway", "former-settings", {{"why", e.what()}});
    }
    use(config);
    control->opens(config, problem);
    return std::make_unique<Gateway>(config, control, seat);
}

void switch_off(const std::string& command) {
    log(Level::Info, "gateway", "shut-down");
    sigset_t all;  // else the command could not be told to end
    sigfillset(&all);
    pthread_sigmask(SIG_UNBLOCK, &all, nullptr);
    std::signal(SIGPIPE, SIG_DFL);
    const char* const arguments[] = {"sh", "-c", command.c_str(), nullptr};
    ::execv("/bin/sh", const_cast<char* const*>(arguments));  // NOLINT: execv changes none
    throw std::runtime_error("cannot run the command of [box] shut_down");
}

void run(const std::string& file) {
    Config config = read(file);
    use(config);

    // Blocked before any thread starts, so that every thread leaves them to serve().
    sigset_t signals;
    sigemptyset(&signals);
    for (const int each : {SIGINT, SIGTERM, SIGHUP, kWakeSignal}) sigaddset(&signals, each);
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    std::signal(SIGPIPE, SIG_IGN);

    const auto random = system_random();
    const auto seat = HubSeat::of(config, *random);
    const auto control = std::make_shared<ProcessControl>();
    std::unique_ptr<Gateway> gateway;
    Service service;  // it looks at the gateway, so it ends first
    if (seat) {
        if (!wait_for_work(*seat, service, signals)) return service.ends();
        service.opens();
        take_newer(file, config);
    }
    control->opens(config, {});
    gateway = std::make_unique<Gateway>(config, control, seat.get());
    log(Level::Info, "gateway", "open");
    service.serves(*gateway);
    while (serve(*gateway, service, signals)) {
        std::this_thread::sleep_for(kAnswerTime);
        const auto wish = control->take();
        log(Level::Info, "gateway", "closing");
        const bool for_good = wish.what == ProcessControl::Wish::What::ShutDown;
        for_good ? service.ends() : service.opens_anew();
        control->closes();
        gateway.reset();
        if (for_good) switch_off(control->shut_down_command());
        gateway = open_again(file, config, control, seat.get(), fulfil(wish, config));
        log(Level::Info, "gateway", "open");
        service.serves(*gateway);
    }
    log(Level::Info, "gateway", "closing");
    service.ends();
    control->closes();
}

}  // namespace
}  // namespace waypost

int main(int argc, char** argv) {
    if (waypost::called_as_command_line(argv[0])) return waypost::command_line(argc, argv);
    waypost::use_little_memory();
    CLI::App app{"Waypost, the post office of a village"};
    std::string config = "/etc/waypost/waypost.toml";
    app.add_option("--config", config, "configuration file");
    std::string locked, files = "/usr/share/waypost/console";
    std::uint16_t port = 8080;
    app.add_option("--locked", locked,
                   "only ask for the passphrase of the data, and put it into this folder's pipe");
    app.add_option("--port", port, "of the page of --locked")->needs("--locked");
    app.add_option("--files", files, "of the console, for --locked")->needs("--locked");
    CLI11_PARSE(app, argc, argv);
    try {
        locked.empty() ? waypost::run(config) : waypost::run_locked_page(locked, port, files);
        return 0;
    } catch (const waypost::WrongConfig&) {
        return 2;  // it was said
    } catch (const std::exception& e) {
        waypost::log(waypost::Level::Error, "gateway", "cannot-run", {{"why", e.what()}});
        return 1;
    }
}
