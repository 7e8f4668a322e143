// SPDX-License-Identifier: Apache-2.0
#include "bridges/nncp/online/caller.h"

#include <algorithm>

namespace waypost::nncp {
namespace {

constexpr std::size_t kMostCalls = 16;             // at once
constexpr std::chrono::seconds kLongestSleep{60};  // the clock may be set meanwhile

}  // namespace

Result<CallPlan> CallPlan::of(const NodeConfig& config, std::time_t now) {
    CallPlan plan;
    for (const auto& [name, node] : config.nodes) {
        for (const Call& call : node.calls) {
            auto cron = Cron::parse(call.cron);
            if (!cron.ok()) return bad_input(name + ": calls: " + cron.error().text);
            const auto at = cron->next(now);
            plan.entries_.push_back({{&node, &call}, std::move(cron).value(), at});
        }
    }
    return plan;
}

std::optional<std::time_t> CallPlan::next() const {
    std::optional<std::time_t> first;
    for (const Entry& entry : entries_)
        if (entry.at && (!first || *entry.at < *first)) first = entry.at;
    return first;
}

std::vector<CallPlan::Due> CallPlan::take(std::time_t now) {
    std::vector<Due> due;
    for (Entry& entry : entries_) {
        if (!entry.at || *entry.at > now) continue;
        due.push_back(entry.due);
        entry.at = entry.cron.next(now);
    }
    return due;
}

OnlineOptions options_of(const Call& call, OnlineOptions options) {
    options.nice = std::min(options.nice, call.nice);
    options.receive = options.receive && call.receive;
    options.transmit = options.transmit && call.transmit;
    if (call.receive_rate) options.receive_rate = call.receive_rate;
    if (call.transmit_rate) options.transmit_rate = call.transmit_rate;
    if (call.online_deadline.count() > 0) options.online_deadline = call.online_deadline;
    if (call.max_online.count() > 0) options.max_online = call.max_online;
    return options;
}

Caller::Caller(const OnlineHome& home, CallPlan plan, OnlineOptions options, OnlineWatch watch,
               Ended ended)
    : home_{home.config, home.spool, stop_},
      plan_(std::move(plan)),
      options_(std::move(options)),
      watch_(std::move(watch)),
      ended_(std::move(ended)),
      thread_([this] { run(); }) {}

Caller::~Caller() {
    {
        const std::lock_guard lock(mutex_);
        stop_ = true;
    }
    wake_.notify_all();
    thread_.join();
    for (Running& each : running_) each.thread.join();
}

void Caller::run() {
    while (!stop_) {
        const std::time_t now = std::time(nullptr);
        reap();
        for (const auto& due : plan_.take(now))
            if (wanted(due)) begin(due);
        const auto next = plan_.next();
        const auto sleep =
            next ? std::chrono::seconds(std::max<std::time_t>(1, *next - now)) : kLongestSleep;
        std::unique_lock lock(mutex_);
        wake_.wait_for(lock, std::min(sleep, kLongestSleep), [this] { return stop_.load(); });
    }
}

bool Caller::wanted(const CallPlan::Due& due) const {
    if (running_.size() >= kMostCalls) return false;
    for (const Running& each : running_)
        if (each.node == due.node) return false;
    if (!due.call->when_tx_exists) return true;
    const auto waiting = home_.spool.list(due.node->id, Way::Tx, due.call->nice);
    return waiting.ok() && !waiting->empty();
}

void Caller::begin(const CallPlan::Due& due) {
    Running& running = running_.emplace_back();
    running.node = due.node;
    try {
        running.thread = std::thread([this, due, &running] {
            const auto report =
                call(home_, *due.node, due.call->address, options_of(*due.call, options_), watch_);
            if (ended_) ended_(*due.node, report);
            running.over = true;
        });
    } catch (const std::system_error&) {  // it is due again
        running_.pop_back();
    }
}

void Caller::reap() {
    for (auto each = running_.begin(); each != running_.end();) {
        if (!each->over) {
            ++each;
            continue;
        }
        each->thread.join();
        each = running_.erase(each);
    }
}

}  // namespace waypost::nncp
