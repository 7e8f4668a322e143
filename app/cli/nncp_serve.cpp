// SPDX-License-Identifier: Apache-2.0
#include <poll.h>

#include <iostream>
#include <mutex>

#include "app/cli/nncp_log.h"
#include "app/cli/nncp_online.h"
#include "bridges/nncp/online/caller.h"
#include "bridges/nncp/online/server.h"

namespace waypost::cli {
namespace {

struct ServeWords : OnlineWords {
    std::string bind = ":5400";
    std::string serial;
    bool standard_io = false, calls = false;
    std::size_t most = 64;
};

// Sessions end on threads of their own.
class Printer {
  public:
    Printer(Context& context, const nncp::NodeConfig& config)
        : context_(context), config_(config) {}
    void ended(const nncp::OnlineReport& report) {
        const std::lock_guard lock(mutex_);
        NncpLog(config_).talked(report);
        print_report(context_, report);
    }
    void called(const nncp::Node& node, const Result<nncp::OnlineReport>& report) {
        if (report.ok()) return ended(*report);
        const std::lock_guard lock(mutex_);
        std::cerr << "waypost: call of " << node.name << ": " << report.error().text << '\n';
    }
    void listening(int port) {
        const std::lock_guard lock(mutex_);
        if (context_.json) {
            Json json;
            json.set("listening", port);
            print_json(json);
        } else {
            print("listening on port " + std::to_string(port));
        }
        std::cout << std::flush;
    }

  private:
    Context& context_;
    const nncp::NodeConfig& config_;
    std::mutex mutex_;
};

void wait_for_stop() {
    while (!stop_flag()) (void)::poll(nullptr, 0, 500);
}

// Standard output belongs to the session.
void serve_standard_io(Context& context, const nncp::OnlineHome& home,
                       const nncp::OnlineOptions& options) {
    const auto line = nncp::line_of_standard_io();
    const auto report = nncp::answer(home, *line, options, {});
    NncpLog(home.config).talked(report);
    if (report.well) return;
    context.status = 1;
    std::cerr << "waypost: " << report.why.text << '\n';
}

void serve_serial(Context& context, const nncp::OnlineHome& home,
                  const nncp::OnlineOptions& options, const std::string& where) {
    const auto line = nncp::dial(where, options.line_deadline);
    if (!line.ok()) return fail(context, line.error());
    Printer printer(context, home.config);
    while (!stop_flag()) {
        const auto report = nncp::answer(home, **line, options, {});
        if (report.node != nullptr) printer.ended(report);
        if (report.why.code == Code::Network) return fail(context, report.why);
    }
}

void serve_network(Context& context, const nncp::OnlineHome& home, const ServeWords& words,
                   const nncp::OnlineOptions& options) {
    Printer printer(context, home.config);
    auto plan = nncp::CallPlan::of(home.config, std::time(nullptr));
    if (words.calls && !plan.ok()) return fail(context, plan.error());
    const auto server = nncp::Server::start(
        home, {words.bind, words.most, std::min<std::size_t>(words.most, 8), options}, {},
        [&printer](const nncp::OnlineReport& report) { printer.ended(report); });
    if (!server.ok()) return fail(context, server.error());
    std::optional<nncp::Caller> caller;
    if (words.calls) {
        caller.emplace(
            home, std::move(plan).value(), options, nncp::OnlineWatch{},
            [&printer](const nncp::Node& node, const Result<nncp::OnlineReport>& report) {
                printer.called(node, report);
            });
    }
    printer.listening((*server)->port());
    wait_for_stop();
}

void run_serve(NncpContext& nncp, const ServeWords& words) {
    const auto options = options_of(words);
    if (!options.ok()) return fail(nncp.context, options.error(), 2);
    const auto home = NncpNode::open(nncp);
    if (!home.ok()) return fail(nncp.context, home.error());
    catch_stop();
    const nncp::OnlineHome online{(*home)->config, (*home)->spool, stop_flag()};
    if (words.standard_io) return serve_standard_io(nncp.context, online, *options);
    if (!words.serial.empty()) return serve_serial(nncp.context, online, *options, words.serial);
    serve_network(nncp.context, online, words, *options);
}

}  // namespace

void add_nncp_serve(CLI::App& group, NncpContext& nncp) {
    auto* command = group.add_subcommand("serve", "answer nodes that call");
    const auto words = std::make_shared<ServeWords>();
    auto* bind = command->add_option("--bind", words->bind, "HOST:PORT (:5400)");
    auto* serial =
        command->add_option("--serial", words->serial, "answer on serial:/dev/NAME?baud=N")
            ->excludes(bind);
    command
        ->add_flag("--stdio", words->standard_io,
                   "answer on standard input and output, as for inetd and ssh")
        ->excludes(bind)
        ->excludes(serial);
    command->add_flag("--calls", words->calls, "call others too, as the configuration says when")
        ->excludes(serial);
    command->add_option("--most", words->most, "sessions at once (64)")->check(CLI::Range(1, 1000));
    add_online_options(*command, *words);
    command->callback([&nncp, words] { run_serve(nncp, *words); });
}

}  // namespace waypost::cli
