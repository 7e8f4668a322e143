// SPDX-License-Identifier: Apache-2.0
#include "bridges/nncp/toss/toss_run.h"

#include <algorithm>
#include <exception>
#include <map>

#include "gateway/message/text.h"

namespace waypost::nncp {

namespace {

constexpr std::size_t kWaiting = 128;
constexpr std::chrono::milliseconds kPatience{500};

std::string in_words(const NodeConfig& config, const PlainHeader& plain) {
    std::string path = plain.path;
    if (plain.type == PacketType::Trns) {
        const Node* node = config.by_id(id_in(plain));
        path = "to " + (node ? node->name : to_base32(path));
    } else if (plain.type == PacketType::Area) {
        const Area* area = config.area(id_in(plain));
        path = area ? area->name : to_base32(path);
    } else if (plain.type == PacketType::Ack) {
        path = to_base32(path);
    }
    std::replace(path.begin(), path.end(), '\0', ' ');
    return std::string(to_string(plain.type)) + " " + clean_utf8(path);
}

}  // namespace

TossRun::TossRun(const NodeConfig& config, const Spool& spool, Handlers& handlers,
                 const TossOptions& options, std::vector<NodeId> nodes)
    : config_(config),
      spool_(spool),
      handlers_(handlers),
      options_(options),
      nodes_(std::move(nodes)),
      opener_(config, spool, handlers, {options.most_unpacked, options.leave}),
      posts_(config, spool),
      outbox_(config, spool) {}

void TossRun::tell(const Tossed& tossed) {
    switch (tossed.fate) {
        case Fate::Done:
            ++counts_.done;
            break;
        case Fate::Duplicate:
            ++counts_.duplicates;
            break;
        case Fate::Kept:
            ++counts_.kept;
            break;
        case Fate::PutAside:
            ++counts_.put_aside;
            break;
        case Fate::Left:
            ++counts_.left;
            break;
    }
    if (options_.on_packet) options_.on_packet(tossed);
}

// The same packet may have come through another node.
bool TossRun::seen(const SpoolPacket& packet) const {
    return done_.contains(packet.name) ||
           std::any_of(nodes_.begin(), nodes_.end(),
                       [&](const NodeId& each) { return spool_.seen(each, packet.name); });
}

void TossRun::take(const SpoolPacket& packet) {
    now_ = Waiting{};
    now_.tossed.packet = packet;
    if (seen(packet)) {
        now_.tossed.fate = Fate::Duplicate;
        waiting_.push_back(std::move(now_));
    } else {
        try {
            const auto done = process(packet);
            if (!done.ok()) {
                fail(packet, done.error());
            } else if (now_.tossed.fate == Fate::Left) {
                tell(now_.tossed);
            } else {
                done_.insert(packet.name);
                waiting_.push_back(std::move(now_));
            }
        } catch (const std::exception& e) {
            fail(packet, {Code::Internal, e.what(), true});
        }
    }
    mark_finished();
    const bool late = std::chrono::steady_clock::now() - flushed_ > kPatience;
    if (waiting_.size() >= kWaiting || late) flush();
}

void TossRun::fail(const SpoolPacket& packet, const Error& error) {
    now_.tossed.why = error.text;
    if (now_.tossed.what.empty()) now_.tossed.sender = opener_.claimed_sender(packet);
    keep_or_put_aside(now_.tossed, error.retry);
    tell(now_.tossed);
}

void TossRun::keep_or_put_aside(Tossed& tossed, bool retry) {
    const bool aside = !retry && spool_.quarantine(tossed.packet, tossed.why).ok();
    tossed.fate = aside ? Fate::PutAside : Fate::Kept;
    if (!retry) return;
    const auto noted = spool_.note_failure(tossed.packet, tossed.why);
    tossed.failures = noted.ok() ? *noted : 0;
}

void TossRun::take_back(Waiting& failed) {
    const SpoolPacket& packet = failed.tossed.packet;
    if (failed.marked) spool_.unmark_seen(packet.node, packet.name);
    done_.erase(packet.name);
    keep_or_put_aside(failed.tossed, failed.retry);
}

Result<void> TossRun::process(const SpoolPacket& packet) {
    auto opened = opener_.open(packet);
    if (!opened.ok()) return opened.error();
    if (!*opened) {
        now_.tossed.fate = Fate::Left;
        return {};
    }
    now_.tossed.sender = (*opened)->arrival.sender_id;
    now_.tossed.what = in_words(config_, (*opened)->arrival.plain);
    return handle(**opened);
}

Result<void> TossRun::handle(OpenedPacket& opened) {
    const Arrival& arrival = opened.arrival;
    switch (arrival.plain.type) {
        case PacketType::File:
            return handlers_.file(arrival, *opened.content);
        case PacketType::Freq:
            return handlers_.freq(arrival, std::string(opened.content->text().value_or("")));
        case PacketType::Exec:
        case PacketType::ExecFat: {
            const auto words = words_of(arrival.plain);
            return words.ok() ? handlers_.exec(arrival, *words, *opened.content)
                              : Result<void>(words.error());
        }
        case PacketType::Trns:
            return relay(opened);
        case PacketType::Area:
            return post(opened);
        case PacketType::Ack:
            return handlers_.ack(arrival, id_in(arrival.plain));
    }
    return bad_input("an unknown type of packet");
}

// Byte for byte, or, where this node reaches the next one through others, once more sealed for
// them: then the last of those is told whom it is for.
Result<void> TossRun::relay(OpenedPacket& opened) {
    const Arrival& arrival = opened.arrival;
    const Node* next = config_.by_id(id_in(arrival.plain));
    if (opened.onward) {
        const bool ours = next->id == config_.self->id;
        now_.onward = std::move(opened.onward);
        now_.goes_on = true;
        now_.next = ours ? arrival.packet.node : next->id;
        now_.way = ours ? Way::Rx : Way::Tx;
        // Small ones wait in few bytes, without a descriptor.
        const auto complete = now_.onward->complete();
        return complete.ok() ? Result<void>() : Result<void>(complete.error());
    }
    const auto source = opened.content->source();
    const auto queued = outbox_.pass_on(*next, *source, arrival.nice);
    return queued.ok() ? Result<void>() : Result<void>(queued.error());
}

Result<void> TossRun::post(OpenedPacket& opened) {
    Arrival& arrival = opened.arrival;
    const Area* area = config_.area(id_in(arrival.plain));
    if (area == nullptr) return bad_input("an area that is not known");
    const auto ids = AreaPosts::ids_of(*area, *opened.content);
    if (!ids.ok()) return ids.error();
    arrival.disputed = posts_.disputed(config_.self->id, *area, *ids);
    const bool ours = ids->origin == config_.self->id;
    if (!area->exchange || ours || posts_.had(config_.self->id, *area, *ids)) {
        return pass_on(arrival, *area, *ids, *opened.content);
    }
    return post_locally(arrival, *area, *ids, *opened.content);
}

Result<void> TossRun::pass_on(const Arrival& post, const Area& area, const PostIds& ids,
                              const Content& content) {
    const auto passed = posts_.pass_on(post, area, ids, content);
    if (!passed.ok() || posts_.had(config_.self->id, area, ids)) return passed;
    return posts_.mark(config_.self->id, area, ids);
}

// Who can read it opens it before others get it: what is broken goes no further. The post goes on
// even if a program here fails, and is tried here again.
Result<void> TossRun::post_locally(const Arrival& post, const Area& area, const PostIds& ids,
                                   const Content& content) {
    auto inner = opener_.open_post(post, area, content);
    if (!inner.ok() && !inner.error().retry) return inner.error();
    const auto passed = posts_.pass_on(post, area, ids, content);
    if (!passed.ok()) return passed;
    if (!inner.ok()) return inner.error();
    if (*inner) {
        now_.tossed.what += ": " + in_words(config_, (*inner)->arrival.plain);
        if (const auto done = handle(**inner); !done.ok()) return done;
    }
    return posts_.mark(config_.self->id, area, ids);
}

// Of those that wait only: what failed on its way here is not seen.
void TossRun::mark_finished() {
    for (const Mth& name : handlers_.finished()) {
        for (Waiting& each : waiting_) {
            const Tossed& tossed = each.tossed;
            if (tossed.fate != Fate::Done || tossed.packet.name != name || !tossed.why.empty())
                continue;
            each.marked = true;
            (void)spool_.mark_seen_early(tossed.packet.node, name);  // retire() says what is wrong
        }
    }
}

void TossRun::settle() {
    std::vector<Failure> failed;
    Result<void> settled;
    try {
        settled = handlers_.settle(failed);
    } catch (const std::exception& e) {
        settled = Error{Code::Internal, e.what(), true};
    }
    for (Waiting& each : waiting_) {
        if (each.tossed.fate != Fate::Done) continue;
        if (!settled.ok()) each.tossed.why = settled.error().text;
        for (const Failure& failure : failed) {
            if (failure.packet != each.tossed.packet.name) continue;
            each.tossed.why = failure.why;
            each.retry = failure.retry;
        }
    }
    mark_finished();
}

void TossRun::publish() {
    std::vector<Spool::Finished> finished;
    for (Waiting& each : waiting_) {
        if (!each.onward || !each.tossed.why.empty()) continue;
        finished.push_back({std::move(each.onward), each.next, each.way});
    }
    if (finished.empty()) return;
    const auto published = spool_.publish(std::move(finished));
    if (published.ok()) return;
    for (Waiting& each : waiting_) {
        if (each.goes_on) each.tossed.why = published.error().text;
    }
}

// The same packet by another way, whose first copy came to nothing: it may be needed yet.
void TossRun::keep_copies_of_failed() {
    std::map<Mth, std::string> failed;
    for (const Waiting& each : waiting_) {
        if (each.tossed.fate == Fate::Done && !each.tossed.why.empty())
            failed.emplace(each.tossed.packet.name, each.tossed.why);
    }
    for (Waiting& each : waiting_) {
        if (each.tossed.fate != Fate::Duplicate) continue;
        const auto found = failed.find(each.tossed.packet.name);
        if (found != failed.end()) each.tossed.why = found->second;
    }
}

void TossRun::flush() {
    if (waiting_.empty()) return;
    settle();
    publish();
    keep_copies_of_failed();
    std::vector<SpoolPacket> retired;
    for (Waiting& each : waiting_) {
        if (each.tossed.why.empty())
            retired.push_back(each.tossed.packet);
        else
            take_back(each);
    }
    const auto marked = spool_.retire(retired);
    for (Waiting& each : waiting_) {
        if (!marked.ok() && each.tossed.why.empty()) {
            each.tossed.why = "it was handled, but not marked so: " + marked.error().text;
        }
        tell(each.tossed);
    }
    waiting_.clear();
    flushed_ = std::chrono::steady_clock::now();
}

}  // namespace waypost::nncp
