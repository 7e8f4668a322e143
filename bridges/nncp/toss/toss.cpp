// SPDX-License-Identifier: Apache-2.0
#include "bridges/nncp/toss/toss.h"

#include <algorithm>
#include <tuple>

#include "bridges/nncp/toss/toss_run.h"

namespace waypost::nncp {

const char* to_string(Fate fate) {
    switch (fate) {
        case Fate::Done:
            return "done";
        case Fate::Duplicate:
            return "duplicate";
        case Fate::Kept:
            return "kept";
        case Fate::PutAside:
            return "put-aside";
        case Fate::Left:
            return "left";
    }
    return "unknown";
}

Toss::Toss(const NodeConfig& config, const Spool& spool, Handlers& handlers, TossOptions options)
    : config_(config), spool_(spool), handlers_(handlers), options_(std::move(options)) {}

Result<TossCounts> Toss::all() {
    const auto nodes = spool_.nodes();
    if (!nodes.ok()) return nodes.error();
    return run(*nodes, *nodes);
}

Result<TossCounts> Toss::node(const NodeId& node) {
    const auto known = spool_.nodes();
    auto counts = run({node}, known.ok() ? *known : std::vector{node});
    if (counts.ok() && !counts->troubled.empty()) return counts->troubled.back().error;
    if (!counts.ok() || counts->busy.empty()) return counts;
    return Error{Code::Busy, "somebody else tosses the packets of " + to_base32(node), true};
}

// What the tools of nncp left unchecked becomes a packet, or goes. While a call has the lock, they
// wait for the next toss; without need it is not taken, which would keep a call from beginning.
Result<void> Toss::check_unchecked(const NodeId& node) const {
    if (!spool_.has_unchecked(node)) return {};
    const auto lock = spool_.lock(node, SpoolLock::Kind::Rx);
    if (!lock.ok() && lock.error().code == Code::Busy) return {};
    if (!lock.ok()) return lock.error();
    const auto checked = spool_.check_unchecked(node);
    return checked.ok() ? Result<void>() : Result<void>(checked.error());
}

// What lies there, and the lock that keeps others from it.
Result<SpoolLock> Toss::gather(const NodeId& node, std::vector<SpoolPacket>& packets) const {
    auto lock = spool_.lock(node, SpoolLock::Kind::Toss);
    if (!lock.ok()) return lock;
    const auto listed = spool_.list(node, Way::Rx, options_.limit);
    if (!listed.ok()) return listed.error();
    packets.insert(packets.end(), listed->begin(), listed->end());
    return lock;
}

Result<TossCounts> Toss::run(const std::vector<NodeId>& nodes, const std::vector<NodeId>& known) {
    if (!config_.self) {
        return Error{Code::Refused, "the configuration has no keys to open packets with", false};
    }
    std::vector<SpoolLock> locks;
    std::vector<SpoolPacket> packets;
    TossCounts begun;
    for (const NodeId& each : nodes) {
        if (const auto done = check_unchecked(each); !done.ok())
            begun.troubled.push_back({each, done.error()});
        auto lock = gather(each, packets);
        if (lock.ok())
            locks.push_back(std::move(*lock));
        else if (lock.error().code == Code::Busy)
            begun.busy.push_back(each);
        else
            begun.troubled.push_back({each, lock.error()});
    }
    std::sort(packets.begin(), packets.end(), [](const auto& left, const auto& right) {
        return std::tie(left.nice, left.name) < std::tie(right.nice, right.name);
    });
    TossRun run(config_, spool_, handlers_, options_, known);
    run.counts() = std::move(begun);
    for (const SpoolPacket& each : packets) {
        if (options_.stop && options_.stop()) break;
        if (options_.later && options_.later(each)) continue;
        run.take(each);
    }
    run.flush();
    return std::move(run.counts());
}

}  // namespace waypost::nncp
