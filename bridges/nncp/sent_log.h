// SPDX-License-Identifier: Apache-2.0
// What was queued, so that an ACK finds its messages, a packet without an ACK goes again under its
// own name, and a message whose outcome a crash kept off the record is not sent twice. Lies beside
// the queues of the spool, in waypost/sent/NODE/ of the first hop: NAME is the packet once more (a
// link, no copy), NAME.sent says in text what it holds. NAME.new is the link before it is known
// that the packet was published: one that a crash leaves is published then, under its own name, so
// that who has it already drops it. Any thread.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "bridges/nncp/spool/spool.h"
#include "gateway/message/delivery.h"

namespace waypost::nncp {

struct SentCopy {
    WireId wire_id;
    Address recipient;
    friend auto operator<=>(const SentCopy&, const SentCopy&) = default;
};

struct SentPacket {
    Mth name{};   // of the file
    Mth inner{};  // as its recipient gets it: what an ACK names
    NodeId first_hop{};
    NodeId to{};
    std::int64_t first = 0;  // box time in seconds at which it was queued
    std::int64_t at = 0;     // the same of the last time
    int resent = 0;
    std::vector<SentCopy> copies;
};

class SentLog {
  public:
    // Reads what is there; what cannot be read is left alone. The spool outlives it.
    explicit SentLog(const Spool& spool);

    // Before the packet is published, whose bytes are `made`. On the disk after the next sync().
    Result<void> note(SentPacket packet, const NewPacket* made = nullptr);
    Result<void> sync();  // one for many
    // After that: it is kept.
    void keep(const Mth& name);
    // Whether it was published is not known: forgotten, if it is not queued. True: it is.
    bool settle(const Mth& name);
    // It was published, whether or not anybody has it by now.
    bool has(const SentCopy& copy) const;
    // What an ACK of `by` for `inner` would prove; nullopt as of acked().
    std::optional<SentPacket> awaits(const NodeId& by, const Mth& inner) const;
    // Its recipient has it: all that it holds, and it is forgotten. nullopt: no such packet for
    // this node, or it was acknowledged before.
    std::optional<SentPacket> acked(const NodeId& by, const Mth& inner);

    struct Rules {
        std::function<bool(const NodeId&)> acks;  // of the recipient
        std::chrono::seconds resend_after{0};     // 0: never
        std::chrono::seconds forget_after{std::chrono::hours(24 * 180)};
        std::chrono::seconds forget_others{std::chrono::hours(1)};  // of those that do not ACK
    };
    // Forgets what is old, and queues again what waits for its ACK for too long. How many went
    // again. `now`: box time in seconds. A time on record that it has not reached is of the wall
    // clock, as earlier releases wrote it, or of a store that was put back: it counts from now.
    std::size_t tidy(std::int64_t now, const Rules& rules);
    std::size_t waiting(const NodeId& to) const;  // packets without an ACK

  private:
    std::filesystem::path file(const SentPacket& packet) const;
    Result<void> write(const SentPacket& packet) const;
    void load(const std::filesystem::path& file, const NodeId& hop);
    bool published(const SentPacket& packet) const;
    bool publish_new(const SentPacket& packet) const;
    void remember(SentPacket packet);
    void forget(const SentPacket& packet);
    bool queue_again(SentPacket& packet, std::int64_t now);
    void bring_into_the_past(SentPacket& packet, std::int64_t now) const;

    const Spool& spool_;
    const std::filesystem::path folder_;
    mutable std::mutex mutex_;
    std::map<Mth, SentPacket> packets_;            // by name
    std::map<Mth, Mth> by_inner_;                  // -> name
    std::map<SentCopy, Mth> by_copy_;              // -> name
    std::vector<std::filesystem::path> unsynced_;  // records
};

}  // namespace waypost::nncp
