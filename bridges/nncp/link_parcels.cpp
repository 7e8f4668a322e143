// SPDX-License-Identifier: Apache-2.0
#include "bridges/nncp/link_parcels.h"

#include <fcntl.h>

#include <stdexcept>

#include "bridges/nncp/packet/mth.h"
#include "gateway/base/log.h"

namespace waypost::nncp {
namespace {

constexpr std::chrono::seconds kLookEvery{30};
// Of one whose name in the spool is what it is.
Result<std::string> read_packet(const Spool& spool, const SpoolPacket& packet) {
    const Fd fd(::open(spool.path(packet).c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC));
    if (!fd.good()) return disk_error("open " + spool.path(packet).string());
    FileSource source(fd.get());
    const auto bytes = read_start(source, packet.bytes + 1);
    if (!bytes.ok()) return bytes.error();
    MthHasher hasher;
    hasher.update({reinterpret_cast<const std::uint8_t*>(bytes->data()), bytes->size()});
    if (hasher.finish() != packet.name) return bad_input("its content is not what its name says");
    return *bytes;
}

}  // namespace

LinkParcels::LinkParcels(const NodeConfig& config, const Spool& spool, const NncpOptions& options,
                         ParcelDesk& desk, Office& office, const TransportId& own,
                         std::function<void()> came)
    : config_(config),
      spool_(spool),
      options_(options),
      desk_(desk),
      state_(office.state(own)),
      came_(std::move(came)),
      arrivals_(spool, state_, office.clock()) {
    for (const auto& [name, link] : options.links) {
        const Node* node = config.find(name);
        if (node == nullptr) throw std::runtime_error("links: there is no node " + name);
        if (!links_.emplace(link, Link{node, {}, {}, {}}).second)
            throw std::runtime_error("links: " + link + " leads to one node only");
    }
}

LinkParcels::~LinkParcels() { stop(); }

void LinkParcels::start() {
    if (links_.empty()) return;
    {
        const std::lock_guard lock(mutex_);
        shut_ = false;
    }
    thread_ = std::thread([this] { run(); });
    for (const auto& [carrier, link] : links_)
        if (!desk_.serve(carrier, shared_from_this()))
            throw std::runtime_error("links: " + carrier + " carries for another node already");
}

void LinkParcels::stop() {
    std::deque<Job> left;
    {
        const std::lock_guard lock(mutex_);
        if (std::exchange(shut_, true)) return;
        left = std::exchange(jobs_, {});
    }
    wake_.notify_all();
    if (thread_.joinable()) thread_.join();
    for (const Job& job : left) job.instead();
    if (const auto self = weak_from_this().lock()) desk_.withdraw(self);
}

void LinkParcels::post(std::function<void()> job, std::function<void()> instead) {
    {
        const std::lock_guard lock(mutex_);
        if (!shut_) {
            jobs_.push_back({std::move(job), std::move(instead)});
            wake_.notify_all();
            return;
        }
    }
    instead();
}

void LinkParcels::run() {
    arrivals_.recover();
    came_();
    auto look_at = std::chrono::steady_clock::time_point::min();
    std::unique_lock lock(mutex_);
    while (!shut_) {
        if (jobs_.empty() && std::chrono::steady_clock::now() >= look_at) {
            lock.unlock();
            look_at_all();
            look_at = std::chrono::steady_clock::now() + kLookEvery;
            lock.lock();
        }
        // stop() may have come while it looked.
        if (jobs_.empty() && !shut_) wake_.wait_until(lock, look_at);
        if (jobs_.empty() || shut_) continue;
        const Job job = std::move(jobs_.front());
        jobs_.pop_front();
        lock.unlock();
        job.work();
        lock.lock();
    }
}

void LinkParcels::look_at_all() {
    arrivals_.tidy(options_.keep_seen);
    for (auto& [carrier, link] : links_) (void)look(carrier, link);
}

bool LinkParcels::may_go(const Link& link, const SpoolPacket& packet) const {
    return packet.bytes <= options_.link_most && packet.nice <= options_.link_nice &&
           link.refused.count(packet.name) == 0;
}

// Those that may go, in order.
std::vector<SpoolPacket> LinkParcels::look(const TransportId& carrier, Link& link) {
    std::vector<SpoolPacket> fit;
    const auto all = spool_.list(link.node->id, Way::Tx);
    if (!all.ok()) {
        log(Level::Warning, "nncp", "link", {{"link", carrier}, {"why", all.error().text}});
        return fit;
    }
    Waiting waiting;
    std::map<Mth, std::string> refused;
    for (const SpoolPacket& packet : *all) {
        if (may_go(link, packet)) {
            fit.push_back(packet);
            ++waiting.by_link;
        } else if (packet.bytes > options_.link_most) {
            ++waiting.large;
        } else if (packet.nice > options_.link_nice) {
            ++waiting.leisurely;
        } else {
            ++waiting.refused;
            waiting.why = link.refused.at(packet.name);
            refused.emplace(packet.name, waiting.why);
        }
    }
    link.refused = std::move(refused);  // of those that still wait
    const std::lock_guard lock(mutex_);
    link.waiting = std::move(waiting);
    return fit;
}

std::optional<waypost::Parcel> LinkParcels::first_of(const TransportId& carrier, Link& link,
                                                     const std::set<std::string>& in_hand) {
    const auto fit = look(carrier, link);
    // Whoever has the lock carries them away just now.
    if (fit.empty() || !spool_.lock(link.node->id, SpoolLock::Kind::Tx).ok()) return std::nullopt;
    for (const SpoolPacket& packet : fit) {
        if (in_hand.count(to_base32(packet.name)) > 0) continue;
        auto parcel = parcel_of(link, packet);
        if (parcel.ok()) return std::move(*parcel);
        if (!parcel.error().retry) refuse(carrier, packet.name, parcel.error().text);
    }
    return std::nullopt;
}

Result<waypost::Parcel> LinkParcels::parcel_of(const Link& link, const SpoolPacket& packet) const {
    const auto bytes = read_packet(spool_, packet);
    if (!bytes.ok()) return bytes.error();
    const LinkEnds ends{config_.nodes.at("self").id, link.node->id};
    const bool whole = link.whole_ids.count(packet.name) > 0;
    auto form = shorten(*bytes, ends, whole ? IdForm::Whole : IdForm::Short);
    if (!form.ok()) return form.error();
    return waypost::Parcel{to_base32(packet.name), std::move(*form), packet.nice};
}

// False: its lock is busy, or the disk fails.
bool LinkParcels::take_away(const Link& link, const Mth& name) {
    const auto lock = spool_.lock(link.node->id, SpoolLock::Kind::Tx);
    return lock.ok() && spool_.remove({link.node->id, Way::Tx, name, 0, 255}).ok();
}

// Where the node only does not know who is meant, it is told.
void LinkParcels::refuse(const TransportId& carrier, const Mth& name, const std::string& why) {
    Link& link = links_.at(carrier);
    if (why == kUnknownNode && link.whole_ids.insert(name).second) return;
    link.refused[name] = why;
    log(Level::Warning, "nncp", "not-by-link",
        {{"link", carrier}, {"packet", to_base32(name).substr(0, 12)}, {"why", why}});
}

void LinkParcels::next(const TransportId& carrier, std::set<std::string> in_hand, OnNext on_next) {
    post(
        [this, carrier, in_hand = std::move(in_hand), on_next] {
            const auto link = links_.find(carrier);
            on_next(link == links_.end() ? std::nullopt : first_of(carrier, link->second, in_hand));
        },
        [on_next] { on_next(std::nullopt); });
}

void LinkParcels::delivered(const TransportId& carrier, const std::string& name, OnNoted on_noted) {
    post(
        [this, carrier, name, on_noted] {
            const auto link = links_.find(carrier);
            const auto hash = hash_from_base32(name);
            on_noted(link == links_.end() || !hash.ok() || take_away(link->second, *hash));
        },
        [on_noted] { on_noted(false); });
}

void LinkParcels::cannot_go(const TransportId& carrier, const std::string& name,
                            const std::string& why, OnNoted on_noted) {
    post(
        [this, carrier, name, why, on_noted] {
            const auto hash = hash_from_base32(name);
            if (hash.ok() && links_.count(carrier) > 0) refuse(carrier, *hash, why);
            on_noted(true);
        },
        [on_noted] { on_noted(false); });
}

std::string LinkParcels::words(const Node& node) const {
    const std::lock_guard lock(mutex_);
    for (const auto& [carrier, link] : links_) {
        if (link.node != &node) continue;
        const Waiting& waiting = link.waiting;
        std::string text = std::to_string(waiting.by_link) + " by " + carrier;
        const auto add = [&](std::size_t count, const std::string& what) {
            if (count > 0) text += ", " + std::to_string(count) + what;
        };
        const std::string rest = " for a courier or call";
        add(waiting.large, " larger than " + std::to_string(options_.link_most) + " bytes" + rest);
        add(waiting.leisurely, " of niceness over " + std::to_string(options_.link_nice) + rest);
        add(waiting.refused, " that " + carrier + " did not carry (" + waiting.why + ")" + rest);
        return text;
    }
    return {};
}

}  // namespace waypost::nncp
