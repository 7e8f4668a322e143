// SPDX-License-Identifier: Apache-2.0
// waypost usb: exchanges with sticks and directories, with progress.
#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <iostream>
#include <memory>
#include <optional>

#include "app/cli/nncp_cli.h"
#include "app/cli/nncp_log.h"
#include "app/cli/progress_bar.h"
#include "bridges/nncp/courier/courier.h"

namespace waypost::cli {
namespace {

using nncp::CourierEvent;
using nncp::StickRecord;
using nncp::StickStatus;
using Kind = CourierEvent::Kind;

struct UsbCommand {
    std::string place, id, mount_folder = "/run/waypost/sticks", led;
    std::vector<std::string> roots, directories;
    int minutes = 10, rides = 0;
};

// Bars on a terminal, or one JSON object a line. By the thread of the courier.
class Teller {
  public:
    Teller(bool json, const nncp::NodeConfig& config) : json_(json), config_(config) {}

    // Whoever reads it over a pipe is to know at once.
    void operator()(const CourierEvent& event) {
        tell(event);
        std::cout << std::flush;
    }

  private:
    void tell(const CourierEvent& event) {
        if (event.kind == Kind::Progress) return progress(event.stick);
        if (event.report != nullptr) {
            NncpLog log(config_);
            log.carried(event.report->received);
            log.carried(event.report->sent);
        }
        bar_.reset();
        phase_.reset();
        if (json_) return print_json(object(event));
        if (event.kind == Kind::Ask)
            print("The stick " + called(event.stick) +
                  " is not known. To use it: waypost usb accept " + event.stick.id);
        if (event.kind == Kind::Gone) print(called(event.stick) + " is gone.");
        if (event.kind == Kind::Ended) ended(event.stick);
    }

    static std::string called(const StickStatus& stick) { return "'" + stick.name + "'"; }

    static Json object(const CourierEvent& event) {
        static constexpr const char* kNames[] = {"ask", "began", "progress", "ended", "gone"};
        const StickStatus& stick = event.stick;
        Json json(Poco::JSON_PRESERVE_KEY_ORDER);
        json.set("event", kNames[static_cast<std::size_t>(event.kind)]);
        json.set("stick", stick.id);
        json.set("name", stick.name);
        json.set("state", nncp::to_string(stick.state));
        if (event.kind == Kind::Progress) {
            json.set("phase", nncp::to_string(stick.phase));
            json.set("bytes", Poco::UInt64(stick.progress.bytes));
            json.set("all_bytes", Poco::UInt64(stick.progress.all_bytes));
            json.set("packets", Poco::UInt64(stick.progress.packets));
            json.set("all_packets", Poco::UInt64(stick.progress.all_packets));
        }
        if (event.kind != Kind::Ended) return json;
        json.set("received", Poco::UInt64(stick.received));
        json.set("sent", Poco::UInt64(stick.sent));
        json.set("left", Poco::UInt64(stick.left));
        if (!stick.why.empty()) json.set("why", stick.why);
        if (!stick.why_left.empty()) json.set("why_left", stick.why_left);
        return json;
    }

    void progress(const StickStatus& stick) {
        const auto now = std::chrono::steady_clock::now();
        const bool same = phase_ == stick.phase;
        if (json_ && (!same || now - last_ >= std::chrono::milliseconds(100))) {
            last_ = now;
            print_json(object({Kind::Progress, stick, nullptr}));
        }
        if (!json_ && !same) {
            bar_.reset();
            bar_.emplace(nncp::to_string(stick.phase));
        }
        phase_ = stick.phase;
        if (bar_) bar_->show(stick.progress);
    }

    static void ended(const StickStatus& stick) {
        print(called(stick) + ": in " + std::to_string(stick.received) + ", out " +
              std::to_string(stick.sent) +
              (stick.left == 0
                   ? ""
                   : ", left " + std::to_string(stick.left) + " (" + stick.why_left + ")"));
        if (stick.state == StickStatus::State::Safe)
            print(stick.directory ? "Done." : "Safe to pull.");
        else
            print("Not done: " + stick.why + ". Nothing is lost; putting it in again goes on.");
    }

    const bool json_;
    const nncp::NodeConfig& config_;
    std::optional<ProgressBar> bar_;
    std::optional<nncp::Phase> phase_;
    std::chrono::steady_clock::time_point last_{};
};

// Configuration and spool; of the disk a part stays free.
Result<std::unique_ptr<NncpNode>> open_node(const NncpContext& nncp) {
    auto config = nncp.config();
    if (!config.ok()) return config.error();
    const nncp::SpoolOptions options{waits_for_disk(), !config->no_headers,
                                     nncp::margin(config->spool)};
    auto spool = nncp::Spool::open(config->spool, options);
    if (!spool.ok()) return spool.error();
    return std::unique_ptr<NncpNode>(
        new NncpNode{std::move(config).value(), std::move(spool).value()});
}

nncp::CourierOptions options_of(const UsbCommand& command) {
    nncp::CourierOptions options;
    options.exchange.sync = waits_for_disk();
    options.exchange.rules.rides = command.rides;
    if (::geteuid() == 0) options.places.mount_folder = command.mount_folder;
    for (const std::string& each : command.roots) options.places.roots.emplace_back(each);
    for (const std::string& each : command.directories)
        options.places.directories.emplace_back(each);
    options.every = std::chrono::minutes(command.minutes);
    options.led = command.led;
    return options;
}

std::atomic<nncp::Courier*> at_work{nullptr};

void interrupted(int) {
    if (nncp::Courier* courier = at_work) courier->interrupt();
}

void exchange(NncpContext& nncp, const UsbCommand& command) {
    const auto node = open_node(nncp);
    if (!node.ok()) return fail(nncp.context, node.error());
    Teller teller(nncp.json(), (*node)->config);
    nncp::Courier courier((*node)->config, (*node)->spool, options_of(command), std::ref(teller));
    at_work = &courier;
    for (const int signal : {SIGINT, SIGTERM}) ::signal(signal, interrupted);
    const auto done = courier.exchange(command.place);
    at_work = nullptr;
    if (!done.ok()) return fail(nncp.context, done.error());
    if (done->state != StickStatus::State::Safe) nncp.context.status = 1;
}

void watch(NncpContext& nncp, const UsbCommand& command) {
    const auto node = open_node(nncp);
    if (!node.ok()) return fail(nncp.context, node.error());
    sigset_t ends;
    ::sigemptyset(&ends);
    for (const int signal : {SIGINT, SIGTERM}) ::sigaddset(&ends, signal);
    ::pthread_sigmask(SIG_BLOCK, &ends, nullptr);
    Teller teller(nncp.json(), (*node)->config);
    nncp::Courier courier((*node)->config, (*node)->spool, options_of(command), std::ref(teller));
    if (const auto started = courier.start(); !started.ok())
        return fail(nncp.context, started.error());
    int signal = 0;
    ::sigwait(&ends, &signal);
    courier.stop();
}

Result<nncp::CourierBook> book_of(const NncpContext& nncp) {
    const auto node = NncpNode::open(nncp);
    if (!node.ok()) return node.error();
    return nncp::CourierBook::open((*node)->spool, waits_for_disk());
}

void set_state(NncpContext& nncp, const std::string& id, StickRecord::State state) {
    const auto book = book_of(nncp);
    const auto done = book.ok() ? book->set_state(id, state) : book.error();
    if (!done.ok()) return fail(nncp.context, done.error());
    finish(nncp.context, Json::Ptr(), std::string(to_string(state)) + ": " + id);
}

void list(NncpContext& nncp) {
    const auto book = book_of(nncp);
    if (!book.ok()) return fail(nncp.context, book.error());
    Poco::JSON::Array sticks;
    for (const StickRecord& each : book->all()) {
        if (!nncp.json())
            print(each.id + "  " + to_string(each.state) + "  '" + each.name + "'  " +
                  std::to_string(each.rides.size()) + " packets rode on it and wait for an answer");
        Json stick(Poco::JSON_PRESERVE_KEY_ORDER);
        stick.set("id", each.id);
        stick.set("name", each.name);
        stick.set("state", to_string(each.state));
        stick.set("at", Poco::Int64(each.at));
        stick.set("rides", Poco::UInt64(each.rides.size()));
        sticks.add(stick);
    }
    Json all;
    all.set("sticks", sticks);
    if (nncp.json()) print_json(all);
}

void forget(NncpContext& nncp, const std::string& id) {
    const auto book = book_of(nncp);
    if (!book.ok()) return fail(nncp.context, book.error());
    book->forget(id);
}

void add_answers(CLI::App& usb, NncpContext& nncp, const std::shared_ptr<UsbCommand>& command) {
    auto* accept = usb.add_subcommand("accept", "use this stick from now on");
    accept->add_option("ID", command->id)->required();
    accept->callback(
        [&nncp, command] { set_state(nncp, command->id, StickRecord::State::Accepted); });
    auto* refuse = usb.add_subcommand("refuse", "never use this stick, and do not ask");
    refuse->add_option("ID", command->id)->required();
    refuse->callback(
        [&nncp, command] { set_state(nncp, command->id, StickRecord::State::Refused); });
    auto* forgotten = usb.add_subcommand("forget", "as if this stick had never been here");
    forgotten->add_option("ID", command->id)->required();
    forgotten->callback([&nncp, command] { forget(nncp, command->id); });
    auto* lists = usb.add_subcommand("list", "sticks and directories that were here");
    lists->callback([&nncp] { list(nncp); });
}

}  // namespace

void add_usb(CLI::App& app, Context& context) {
    auto* usb = app.add_subcommand("usb", "exchange packets with a stick or a directory");
    static std::optional<NncpContext> kept;  // as long as the program
    NncpContext* nncp = &kept.emplace(NncpContext{context, {}, {}});
    auto command = std::make_shared<UsbCommand>();
    usb->add_option("--nncp-config", nncp->file,
                    "node configuration (NNCPCFG, else /etc/nncp.hjson)");
    usb->add_option("--spool", nncp->spool_directory, "another spool directory");
    usb->add_option("--mount-folder", command->mount_folder, "where sticks are mounted, as root");
    usb->add_option("--rides", command->rides,
                    "after so many a packet counts as arrived, as its node sends no ACKs; 0: never")
        ->check(CLI::NonNegativeNumber);
    usb->add_option("DEVICE|DIR", command->place,
                    "a device, or where it is mounted; or any directory");
    usb->require_subcommand(0, 1);
    add_answers(*usb, *nncp, command);
    auto* watching =
        usb->add_subcommand("watch", "wait for sticks and serve them, until interrupted");
    watching->add_option("--root", command->roots, "sticks are mounted below: /media");
    watching->add_option("--dir", command->directories, "a directory that is always served");
    watching->add_option("--every", command->minutes, "minutes between visits to directories")
        ->check(CLI::PositiveNumber);
    watching->add_option("--led", command->led, "light, such as /sys/class/leds/NAME");
    watching->callback([nncp, command] { watch(*nncp, *command); });
    usb->callback([usb, nncp, command] {
        if (!usb->get_subcommands().empty()) return;
        if (command->place.empty())
            return fail(nncp->context, bad_input("name a device or a directory"), 2);
        exchange(*nncp, *command);
    });
}

}  // namespace waypost::cli
