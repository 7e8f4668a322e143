// SPDX-License-Identifier: Apache-2.0
#include "bridges/nncp/exchange.h"

#include <algorithm>
#include <stdexcept>

#include "gateway/base/log.h"

namespace waypost::nncp {
namespace {

constexpr std::chrono::seconds kFirstPause{5};
constexpr std::chrono::seconds kLongestPause{15 * 60};
constexpr std::chrono::milliseconds kLook{1000};

}  // namespace

Exchange::Exchange(const NodeConfig& config, const Spool& spool, const NncpOptions& options,
                   const Clock& clock, std::function<void()> came)
    : config_(config), spool_(spool), options_(options), clock_(clock), came_(std::move(came)) {}

Exchange::~Exchange() { stop(); }

OnlineWatch Exchange::watch() {
    OnlineWatch watch;
    watch.event = [this](const Node&, const SessionEvent& event) {
        if (event.what == SessionEvent::What::Received) came_();
    };
    return watch;
}

OnlineOptions Exchange::session_options() const {
    OnlineOptions options = online_defaults();
    options.sync = true;  // custody waits for the disk, whatever NNCPNOSYNC says
    options.transmit_bytes = options_.send_limit;
    options.receive_bytes = options_.receive_limit;
    return options;
}

void Exchange::start() {
    const OnlineHome home{config_, spool_, stop_};
    if (!options_.listen.empty()) {
        ServerOptions options;
        options.bind = options_.listen;
        options.session = session_options();
        auto server = Server::start(home, options, watch(), [this](const OnlineReport& report) {
            ended(report.node, report);
        });
        if (!server.ok()) throw std::runtime_error("listen: " + server.error().text);
        server_ = std::move(*server);
    }
    if (options_.calls) {
        auto plan = CallPlan::of(config_, static_cast<std::time_t>(to_ms(clock_.wall()) / 1000));
        if (!plan.ok()) throw std::runtime_error("calls: " + plan.error().text);
        caller_ = std::make_unique<Caller>(
            home, std::move(*plan), session_options(), watch(),
            [this](const Node& node, const Result<OnlineReport>& report) { ended(&node, report); });
    }
    if (!options_.answer_on.empty()) {
        for (const std::string& each : options_.answer_on) answering_[each];
        answerer_ = std::make_unique<Answerer>(
            home, std::vector<std::string>(options_.answer_on.begin(), options_.answer_on.end()),
            session_options(), watch(),
            [this](const std::string& line, const OnlineReport& report) {
                answered(line, report);
            });
    }
    if (!options_.at_once.empty()) thread_ = std::thread([this] { run(); });
}

void Exchange::stop() {
    {
        const std::lock_guard lock(mutex_);
        stop_ = true;
    }
    nudged_.notify_all();
    if (thread_.joinable()) thread_.join();
    caller_.reset();
    answerer_.reset();
    server_.reset();
}

void Exchange::nudge(const Node& node) {
    const Node* first = node.via.empty() ? &node : config_.find(node.via.front());
    if (first == nullptr || options_.at_once.count(first->name) == 0) return;
    {
        const std::lock_guard lock(mutex_);
        Urge& urge = urges_[first->name];
        urge.node = first;
        urge.wanted = true;
    }
    nudged_.notify_one();
}

// A node that does not answer is left alone for a while, each time twice as long. What is queued
// while a session runs goes with it.
void Exchange::run() {
    std::unique_lock lock(mutex_);
    while (!stop_) {
        const BoxTime now = clock_.box();
        const auto due = std::find_if(urges_.begin(), urges_.end(), [&](const auto& each) {
            return each.second.wanted && each.second.not_before <= now;
        });
        if (due == urges_.end()) {
            nudged_.wait_for(lock, kLook);
            continue;
        }
        Urge& urge = due->second;
        urge.wanted = false;
        const Node& node = *urge.node;
        lock.unlock();
        const auto report =
            call(OnlineHome{config_, spool_, stop_}, node, {}, session_options(), watch());
        ended(&node, report);
        lock.lock();
        const bool well = report.ok() && report->well;
        const bool busy = !report.ok() && report.error().code == Code::Busy;
        urge.pause =
            well ? std::chrono::seconds(0) : std::clamp(urge.pause * 2, kFirstPause, kLongestPause);
        urge.not_before = clock_.box() + urge.pause;
        if (!well && !busy) urge.wanted = true;
    }
}

void Exchange::ended(const Node* node, const Result<OnlineReport>& report) {
    came_();
    if (node == nullptr) return;
    const bool well = report.ok() && report->well;
    const std::string why = well          ? std::string()
                            : report.ok() ? report->why.text
                                          : report.error().text;
    const std::lock_guard lock(mutex_);
    LineState& line = lines_[node->name];
    if (!well && why != line.problem)
        log(Level::Warning, "nncp", "session", {{"node", node->name}, {"why", why}});
    line.problem = why;
    if (well) line.last = to_ms(clock_.wall()) / 1000;
}

void Exchange::answered(const std::string& line, const OnlineReport& report) {
    if (report.node != nullptr) ended(report.node, report);
    const std::lock_guard lock(mutex_);
    LineState& state = answering_[line];
    state.problem = report.node != nullptr ? std::string() : report.why.text;
    if (report.node == nullptr)
        log(Level::Warning, "nncp", "line", {{"line", line}, {"why", state.problem}});
    else if (report.well)
        state.last = to_ms(clock_.wall()) / 1000;
}

std::map<std::string, LineState> Exchange::answering() const {
    const std::lock_guard lock(mutex_);
    return answering_;
}

std::map<std::string, LineState> Exchange::lines() const {
    const std::lock_guard lock(mutex_);
    return lines_;
}

std::optional<std::time_t> Exchange::next_call(const Node& node, std::time_t now) {
    std::optional<std::time_t> next;
    for (const Call& each : node.calls) {
        const auto cron = Cron::parse(each.cron);
        if (!cron.ok()) continue;
        const auto at = cron->next(now);
        if (at && (!next || *at < *next)) next = at;
    }
    return next;
}

}  // namespace waypost::nncp
