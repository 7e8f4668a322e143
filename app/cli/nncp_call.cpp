// SPDX-License-Identifier: Apache-2.0
#include <csignal>
#include <iostream>

#include "app/cli/nncp_log.h"
#include "app/cli/nncp_online.h"
#include "app/cli/progress_bar.h"

namespace waypost::cli {
namespace {

using nncp::OnlineReport;

std::atomic<bool> stopped{false};
static_assert(std::atomic<bool>::is_always_lock_free);

struct CallWords : OnlineWords {
    std::string node, address;
};

// "city", "city:lan", "city:host:5400", "city:|command".
void split_node(CallWords& words) {
    const std::size_t colon = words.node.find(':');
    if (colon == std::string::npos) return;
    if (words.address.empty()) words.address = words.node.substr(colon + 1);
    words.node.resize(colon);
}

nncp::OnlineWatch watch_with(ProgressBar& bar) {
    nncp::OnlineWatch watch;
    watch.progress = [&bar](const nncp::Node&, const nncp::SessionStats& stats) {
        nncp::Progress now;
        now.packets = stats.packets_in + stats.packets_out;
        now.bytes = stats.bytes_in + stats.bytes_out;
        now.all_bytes = stats.wanted_in + stats.wanted_out;
        bar.show(now);
    };
    watch.event = [](const nncp::Node& node, const nncp::SessionEvent& event) {
        if (event.what != nncp::SessionEvent::What::Refused) return;
        std::cerr << "waypost: " << node.name << ": packet " << nncp::to_base32(event.packet)
                  << " was not taken: " << event.reason << '\n';
    };
    return watch;
}

void run_call(NncpContext& nncp, CallWords words) {
    split_node(words);
    const auto options = options_of(words);
    if (!options.ok()) return fail(nncp.context, options.error(), 2);
    const auto home = NncpNode::open(nncp);
    if (!home.ok()) return fail(nncp.context, home.error());
    const auto node = (*home)->node(words.node);
    if (!node.ok()) return fail(nncp.context, node.error());
    catch_stop();
    Result<OnlineReport> report = Error{};
    {
        ProgressBar bar((*node)->name);
        report = nncp::call({(*home)->config, (*home)->spool, stop_flag()}, **node, words.address,
                            *options, watch_with(bar));
    }
    if (!report.ok()) return fail(nncp.context, report.error());
    NncpLog((*home)->config).talked(*report);
    print_report(nncp.context, *report);
    if (!report->well) nncp.context.status = 1;
}

Json json_of(const OnlineReport& report) {
    const auto& stats = report.stats;
    Json json;
    json.set("node", report.node == nullptr ? "" : report.node->name);
    json.set("address", report.address);
    json.set("ok", report.well);
    json.set("seconds", report.seconds);
    json.set("packets_received", stats.packets_in);
    json.set("bytes_received", stats.bytes_in);
    json.set("packets_sent", stats.packets_out);
    json.set("bytes_sent", stats.bytes_out);
    json.set("refused", stats.refused);
    json.set("ended", report.why.text);
    return json;
}

}  // namespace

const std::atomic<bool>& stop_flag() { return stopped; }

void catch_stop() {
    std::signal(SIGPIPE, SIG_IGN);  // a line that went is an Error
    for (const int signal : {SIGINT, SIGTERM}) std::signal(signal, [](int) { stopped = true; });
}

void add_online_options(CLI::App& command, OnlineWords& words) {
    auto* receive = command.add_flag("--rx", words.receive_only, "receive only");
    command.add_flag("--tx", words.transmit_only, "send only")->excludes(receive);
    command.add_option("--nice", words.nice, "nothing less urgent than this (96, P, B+10)");
    const auto rate = CLI::Range(0, 1'000'000);
    command.add_option("--rx-rate", words.receive_rate, "units received a second")->check(rate);
    command.add_option("--tx-rate", words.transmit_rate, "units sent a second")->check(rate);
    command.add_option("--rx-bytes", words.receive_bytes, "bytes received a second");
    command.add_option("--tx-bytes", words.transmit_bytes, "bytes sent a second");
    const auto seconds = CLI::Range(1, 86400);
    command
        .add_option("--online-deadline", words.online_deadline,
                    "seconds without work until the line is closed")
        ->check(seconds);
    command.add_option("--max-online", words.max_online, "seconds a session may take")
        ->check(seconds);
    command
        .add_option("--deadline", words.deadline,
                    "seconds until a line that stands still is given up ($NNCPDEADLINE, 10)")
        ->check(seconds);
}

Result<nncp::OnlineOptions> options_of(const OnlineWords& words) {
    const auto nice = nice_or(words.nice, 255);
    if (!nice.ok()) return nice.error();
    nncp::OnlineOptions options = nncp::online_defaults();
    options.receive = !words.transmit_only;
    options.transmit = !words.receive_only;
    options.once = words.once;
    options.nice = *nice;
    if (words.receive_rate >= 0) options.receive_rate = words.receive_rate;
    if (words.transmit_rate >= 0) options.transmit_rate = words.transmit_rate;
    options.receive_bytes = words.receive_bytes;
    options.transmit_bytes = words.transmit_bytes;
    using std::chrono::seconds;
    if (words.online_deadline > 0) options.online_deadline = seconds(words.online_deadline);
    if (words.max_online > 0) options.max_online = seconds(words.max_online);
    if (words.deadline > 0) options.line_deadline = seconds(words.deadline);
    return options;
}

void print_report(const Context& context, const OnlineReport& report) {
    if (context.json) {
        print_json(json_of(report));
        std::cout << std::flush;
        return;
    }
    const auto& stats = report.stats;
    char time[32];
    std::snprintf(time, sizeof time, "%.1f s", report.seconds);
    const auto part = [](std::uint64_t packets, std::uint64_t bytes) {
        return std::to_string(packets) + (packets == 1 ? " packet (" : " packets (") +
               amount(bytes) + ')';
    };
    print((report.node == nullptr ? "unknown" : report.node->name) + ": " +
          part(stats.packets_in, stats.bytes_in) + " received, " +
          part(stats.packets_out, stats.bytes_out) + " sent in " + time +
          (report.well ? "" : "; " + report.why.text));
    std::cout << std::flush;
}

void add_nncp_call(CLI::App& group, NncpContext& nncp) {
    auto* command = group.add_subcommand("call", "exchange packets with a node online");
    const auto words = std::make_shared<CallWords>();
    command->add_option("node", words->node, "NODE or NODE:ADDRESS")->required();
    command->add_option("address", words->address,
                        "HOST:PORT, |COMMAND, serial:/dev/NAME, or a label of the configuration");
    command->add_flag("--once", words->once, "hang up as soon as nothing is left to do");
    add_online_options(*command, *words);
    command->callback([&nncp, words] { run_call(nncp, *words); });
}

}  // namespace waypost::cli
