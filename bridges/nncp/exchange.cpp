// SPDX-License-Identifier: Apache-2.0
#include "bridges/nncp/exchange.h"

#include <algorithm>
#include <filesystem>
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
    for (const std::string& each : options_.at_once)
        if (const Node* node = config_.find(each)) urges_[node];
    if (!urges_.empty()) thread_ = std::thread([this] { run(); });
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
        look_ = true;
    }
    nudged_.notify_one();
}

void Exchange::run() {
    while (const Node* node = wait_for_due()) call_now(*node, urges_.at(node));
}

// nullptr: stop.
const Node* Exchange::wait_for_due() {
    while (!stop_) {
        if (const Node* node = due()) return node;
        std::unique_lock lock(mutex_);
        nudged_.wait_for(lock, kLook, [this] { return look_ || stop_; });
        look_ = false;
    }
    return nullptr;
}

// Of the nodes for whom something waits, the one that was left alone for longest.
const Node* Exchange::due() const {
    const BoxTime now = clock_.box();
    const Node* first = nullptr;
    for (const auto& [node, urge] : urges_) {
        const bool earlier = first == nullptr || urge.not_before < urges_.at(first).not_before;
        if (urge.not_before <= now && earlier && something_waits(*node)) first = node;
    }
    return first;
}

// What the queue holds is what is wanted, whoever put it there, before a restart too. Only until
// the first packet: queues may be long.
bool Exchange::something_waits(const Node& node) const {
    std::error_code failed;
    std::filesystem::directory_iterator entry(spool_.folder(node.id, Way::Tx), failed), end;
    for (; !failed && entry != end; entry.increment(failed))
        if (hash_from_base32(entry->path().filename().string()).ok()) return true;
    return false;
}

// A node that does not answer, or does not take what waits, is left alone for a while, each time
// twice as long. Busy is no answer of its: a stick or another session has the queue for a moment.
void Exchange::call_now(const Node& node, Urge& urge) {
    const auto report =
        call(OnlineHome{config_, spool_, stop_}, node, {}, session_options(), watch());
    const bool busy = !report.ok() && report.error().code == Code::Busy;
    if (!busy) ended(&node, report);
    const bool well = report.ok() && report->well;
    if (well && !something_waits(node))
        urge.pause = std::chrono::seconds(0);
    else if (busy || (well && report->stats.packets_out > 0))
        urge.pause = kFirstPause;
    else
        urge.pause = std::clamp(urge.pause * 2, kFirstPause, kLongestPause);
    urge.not_before = clock_.box() + urge.pause;
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
