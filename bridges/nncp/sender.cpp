// SPDX-License-Identifier: Apache-2.0
#include "bridges/nncp/sender.h"

#include <algorithm>
#include <latch>

#include "bridges/nncp/sender_packet.h"
#include "gateway/base/log.h"
#include "gateway/message/handed.h"

namespace waypost::nncp {
namespace {

constexpr std::chrono::seconds kDiskWait{60};
constexpr std::chrono::seconds kSetupWait{15 * 60};  // somebody has to mend the configuration

}  // namespace

Outcome not_tried(const Error& error) {
    Outcome result = outcome(Outcome::Kind::NotTried, "spool", error.text);
    result.retry_after = error.retry ? kDiskWait : kSetupWait;
    return result;
}

Outcome queued_for(const Node& node, Form form) {
    const Handed handed{Handed::Kind::Waits, node.name,
                        node.via.empty() ? std::string() : node.via.front()};
    Outcome sent = outcome(Outcome::Kind::Sent, kHandedCode, to_string(handed));
    sent.privacy = Privacy::ToGateway;
    sent.wish_taken = form == Form::Compact;  // its box says itself what becomes of it
    return sent;
}

Nice nice_of(Priority priority) {
    switch (priority) {
        case Priority::Alarm:
            return 32;
        case Priority::Urgent:
            return 64;
        case Priority::Normal:
            return kNiceExec;
        case Priority::Bulk:
            return 224;
    }
    return kNiceExec;
}

Sender::Sender(Home home, Office& office, OnQueued on_queued)
    : home_(std::move(home)),
      outbox_(home_.config, home_.spool),
      office_(office),
      on_queued_(std::move(on_queued)) {}

Sender::~Sender() { stop(); }

void Sender::start() {
    thread_ = std::thread([this] { run(); });
}

void Sender::stop() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    arrived_.notify_all();
    if (thread_.joinable()) thread_.join();
}

void Sender::give_back() {
    std::deque<Delivery> left;
    {
        const std::lock_guard lock(mutex_);
        left.swap(waiting_);
    }
    for (const Delivery& each : left)
        office_.report(each.attempt, outcome(Outcome::Kind::NotTried, "stopped", {}));
}

void Sender::add(Delivery delivery) {
    {
        const std::lock_guard lock(mutex_);
        waiting_.push_back(std::move(delivery));
    }
    arrived_.notify_one();
}

std::size_t Sender::messages() const {
    const std::lock_guard lock(mutex_);
    return messages_;
}

std::string Sender::problem() const {
    const std::lock_guard lock(mutex_);
    return problem_;
}

void Sender::run() {
    for (;;) {
        auto together = gather();
        if (together.empty()) return;
        carry(std::move(together));
    }
}

// What comes within a short time after the first goes together; an alarm waits for nobody.
std::vector<Delivery> Sender::gather() {
    std::unique_lock lock(mutex_);
    arrived_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
    const auto enough = [this] {
        return stopping_ || waiting_.size() >= kMostTogether ||
               std::any_of(waiting_.begin(), waiting_.end(),
                           [](const Delivery& d) { return d.priority == Priority::Alarm; });
    };
    arrived_.wait_for(lock, home_.options.gather, enough);
    std::vector<Delivery> taken;
    if (stopping_) return taken;
    std::uint64_t bytes = 0;
    while (!waiting_.empty() && taken.size() < kMostTogether && bytes < kBytesTogether) {
        bytes += waiting_.front().body.size + waiting_.front().text.size();
        taken.push_back(std::move(waiting_.front()));
        waiting_.pop_front();
    }
    return taken;
}

void Sender::carry(std::vector<Delivery> deliveries) {
    std::vector<Item> items;
    for (Delivery& each : deliveries) {
        Item item{std::move(each)};
        item.area = home_.routes.area_for(item.delivery.to);
        item.node = home_.routes.node_for(item.delivery.to);
        if (item.node) item.form = home_.routes.form_of(*item.node);
        if (!item.area && !item.node) {
            office_.report(item.delivery.attempt,
                           not_tried({Code::NotFound, "no node carries this domain", false}));
            continue;
        }
        items.push_back(std::move(item));
    }
    begin(items);
    auto packets = pack(items);
    publish(items, packets);
}

// All on record, with one wait for the writer.
void Sender::begin(std::vector<Item>& items) {
    std::latch all(static_cast<std::ptrdiff_t>(items.size()));
    for (Item& item : items) {
        office_.begin(item.delivery.attempt, item.delivery.message_id, [&all, &item](bool go) {
            item.open = go;
            all.count_down();
        });
    }
    all.wait();
}

void Sender::report(Item& item, const Outcome& result) {
    if (!item.open) return;
    item.open = false;
    office_.report(item.delivery.attempt, result);
    const std::lock_guard lock(mutex_);
    const bool sent = result.kind == Outcome::Kind::Sent;
    messages_ += sent ? 1u : 0u;
    const std::string problem = sent ? std::string() : result.detail;
    if (!problem.empty() && problem != problem_)
        log(Level::Warning, "nncp", "not-sent", {{"code", result.code}, {"why", problem}});
    problem_ = problem;
}

void Sender::publish(std::vector<Item>& items, std::vector<Packet>& packets) {
    std::erase_if(packets, [](const Packet& p) { return p.items.empty(); });
    if (packets.empty()) return;
    const std::size_t tried = packets.size();
    const auto done = queue(items, packets);
    // Some of them may be there, whatever went wrong: they are never made again.
    for (const Packet& packet : packets) {
        if (!packet.queued) continue;
        for (const std::size_t i : packet.items)
            report(items[i], queued_for(*packet.to, packet.form));
        if (on_queued_) on_queued_(*packet.to);
    }
    if (done.ok()) return;
    std::erase_if(packets, [](const Packet& p) { return p.queued; });
    // One that cannot be queued keeps no others.
    if (tried > 1) {
        for (Packet& each : packets) {
            std::vector<Packet> alone;
            alone.push_back(std::move(each));
            publish(items, alone);
        }
        return;
    }
    for (const Packet& packet : packets) {
        for (const std::size_t i : packet.items) report(items[i], not_tried(done.error()));
    }
}

Result<void> Sender::queue(std::vector<Item>& items, std::vector<Packet>& packets) {
    std::vector<Parcel> parcels;
    for (const Packet& packet : packets) {
        parcels.push_back(packet.parcel(office_.domain()));
        parcels.back().nice = packet.nice;
        parcels.back().minsize = home_.options.minsize;
    }
    std::vector<Mth> names;
    const auto queued = outbox_.send(parcels, [&](const auto& named, const auto& made) {
        for (const Queued& each : named) names.push_back(each.name);
        return note(items, packets, named, made);
    });
    for (std::size_t i = 0; i < names.size(); ++i) {
        packets[i].queued = queued.ok() || home_.sent.settle(names[i]);
        if (packets[i].queued) home_.sent.keep(names[i]);
    }
    if (!queued.ok()) return queued.error();
    return {};
}

Result<void> Sender::note(const std::vector<Item>& items, const std::vector<Packet>& packets,
                          const std::vector<Queued>& queued,
                          const std::vector<Spool::Finished>& made) {
    const std::int64_t now = to_ms(office_.clock().box()) / 1000;
    for (std::size_t i = 0; i < packets.size(); ++i) {
        SentPacket sent;
        sent.name = queued[i].name;
        sent.inner = queued[i].inner;
        sent.first_hop = queued[i].first_hop;
        sent.to = packets[i].to->id;
        sent.first = sent.at = now;
        for (const std::size_t item : packets[i].items) sent.copies.push_back(items[item].copy());
        const auto noted = home_.sent.note(std::move(sent), made[i].packet.get());
        if (!noted.ok()) return noted;
    }
    return home_.sent.sync();
}

}  // namespace waypost::nncp
