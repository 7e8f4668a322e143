// SPDX-License-Identifier: Apache-2.0
#include "bridges/nncp/online/online.h"

#include <cstdlib>

#include "bridges/nncp/online/drive.h"
#include "bridges/nncp/online/spool_shelf.h"

namespace waypost::nncp {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr std::size_t kSlowChunk = 1024;
constexpr milliseconds kSlowDeadline{60000};

SessionTerms terms_of(const OnlineOptions& options, const Line& line) {
    SessionTerms terms;
    terms.nice = options.nice;
    terms.receive = options.receive;
    terms.transmit = options.transmit;
    terms.receive_rates.bytes = static_cast<double>(options.receive_bytes);
    terms.transmit_rates.bytes = static_cast<double>(options.transmit_bytes);
    terms.line_deadline = options.line_deadline;
    terms.once = options.once;
    if (options.transmit_bytes > 0) {  // no unit takes longer than a second
        terms.chunk = std::min<std::uint64_t>(
            terms.chunk, std::max<std::uint64_t>(kSlowChunk, options.transmit_bytes));
        terms.fill = terms.chunk == kSpFileData;
    }
    if (line.slow()) {
        terms.chunk = kSlowChunk;
        terms.fill = false;
        terms.line_deadline = std::max(terms.line_deadline, kSlowDeadline);
    }
    return terms;
}

SessionTerms terms_with(const Node& node, const OnlineOptions& options, const Line& line) {
    SessionTerms terms = terms_of(options, line);
    terms.receive_rates.units = options.receive_rate.value_or(node.receive_rate);
    terms.transmit_rates.units = options.transmit_rate.value_or(node.transmit_rate);
    terms.online_deadline = options.online_deadline.value_or(node.online_deadline);
    terms.max_online = options.max_online.value_or(node.max_online);
    return terms;
}

Result<std::unique_ptr<SpoolShelf>> shelf_of(const OnlineHome& home, const Node& node,
                                             const OnlineOptions& options,
                                             std::function<void()> wake) {
    SpoolShelf::Options how;
    how.nice = options.nice;
    how.sync = options.sync;
    how.wake = std::move(wake);
    return SpoolShelf::open(home.spool, node.id, std::move(how));
}

Result<NoiseKeys> own_keys(const NodeConfig& config) {
    if (!config.self || config.self->noise.reveal().size() != 32)
        return Error{Code::Conflict, "this configuration has no noise key of its own", false};
    return NoiseKeys{&config.self->noise, config.self->noise_public};
}

const Node* by_noise(const NodeConfig& config, const Hash32& noise_public) {
    for (const auto& [name, node] : config.nodes)
        if (node.noise_public == noise_public && name != "self") return &node;
    return nullptr;
}

std::function<void(const SessionStats&)> progress_of(const OnlineWatch& watch,
                                                     const Node* const& node) {
    if (!watch.progress) return nullptr;
    return [&watch, &node](const SessionStats& stats) {
        if (node != nullptr) watch.progress(*node, stats);
    };
}

void watch_events(Session& session, const OnlineWatch& watch, const Node* const& node) {
    if (!watch.event) return;
    session.watch([&watch, &node](const SessionEvent& event) { watch.event(*node, event); });
}

OnlineReport report_of(const Session& session, const Node* node, std::string address,
                       steady_clock::time_point began) {
    const std::chrono::duration<double> time = steady_clock::now() - began;
    return {node,         std::move(address),   session.stats(),
            time.count(), session.ended_well(), session.why()};
}

Result<OnlineReport> call_address(const OnlineHome& home, const Node& node,
                                  const std::string& address, const OnlineOptions& options,
                                  const OnlineWatch& watch) {
    const auto keys = own_keys(home.config);
    if (!keys.ok()) return keys.error();
    std::unique_ptr<Line> line;
    // The locks first: nobody is rung up for nothing. What wakes the line runs after it is there.
    const auto shelf = shelf_of(home, node, options, [&line] { line->wake(); });
    if (!shelf.ok()) return shelf.error();
    auto dialled = dial(address, options.line_deadline);
    if (!dialled.ok()) return dialled.error();
    line = std::move(dialled).value();
    const auto began = steady_clock::now();
    const Node* who = &node;
    Session session(*keys, *node.noise_public, {shelf->get(), terms_with(node, options, *line)},
                    began);
    watch_events(session, watch, who);
    drive(session, *line, home.stop, progress_of(watch, who));
    if (!session.established()) return session.why();
    return report_of(session, who, address, began);
}

}  // namespace

OnlineOptions online_defaults() {
    OnlineOptions options;
    options.sync = std::getenv("NNCPNOSYNC") == nullptr;
    if (const char* text = std::getenv("NNCPDEADLINE")) {
        const long seconds = std::strtol(text, nullptr, 10);
        if (seconds > 0 && seconds <= 86400) options.line_deadline = std::chrono::seconds(seconds);
    }
    return options;
}

Result<OnlineReport> call(const OnlineHome& home, const Node& node, const std::string& address,
                          const OnlineOptions& options, const OnlineWatch& watch) {
    if (!node.noise_public)
        return Error{Code::Conflict, "no noise key is known of " + node.name, false};
    if (!address.empty()) {
        const auto label = node.addresses.find(address);
        return call_address(home, node, label == node.addresses.end() ? address : label->second,
                            options, watch);
    }
    Error last{Code::NotFound, "no address is known of " + node.name, false};
    for (const auto& [label, each] : node.addresses) {
        auto called = call_address(home, node, each, options, watch);
        if (called.ok() || home.stop || called.error().code == Code::Busy) return called;
        last = called.error();
    }
    return last;
}

OnlineReport answer(const OnlineHome& home, Line& line, const OnlineOptions& options,
                    const OnlineWatch& watch) {
    const auto began = steady_clock::now();
    const auto keys = own_keys(home.config);
    if (!keys.ok()) return {nullptr, {}, {}, 0, false, keys.error()};
    const Node* who = nullptr;
    std::unique_ptr<SpoolShelf> shelf;
    const auto admit = [&](const Hash32& noise_public) -> Result<Session::Peer> {
        const Node* node = by_noise(home.config, noise_public);
        if (node == nullptr) return Error{Code::NotFound, "a node called that is not known", false};
        auto opened = shelf_of(home, *node, options, [&line] { line.wake(); });
        if (!opened.ok()) return opened.error();
        shelf = std::move(opened).value();
        who = node;
        return Session::Peer{shelf.get(), terms_with(*node, options, line)};
    };
    Session session(*keys, admit, terms_of(options, line), began, line.noisy());
    watch_events(session, watch, who);
    drive(session, line, home.stop, progress_of(watch, who));
    return report_of(session, who, {}, began);
}

}  // namespace waypost::nncp
