// SPDX-License-Identifier: Apache-2.0
// One run over a list of packets. Of this room.
#pragma once

#include "bridges/nncp/toss/area_posts.h"
#include "bridges/nncp/toss/opener.h"
#include "bridges/nncp/toss/toss.h"

namespace waypost::nncp {

class TossRun {
  public:
    TossRun(const NodeConfig& config, const Spool& spool, Handlers& handlers,
            const TossOptions& options, std::vector<NodeId> nodes);

    void take(const SpoolPacket& packet);
    // Marks and removes what is done, publishes what goes on.
    void flush();
    TossCounts& counts() { return counts_; }

  private:
    struct Waiting {  // for the marks that are made together
        Tossed tossed;
        bool goes_on = false;
        bool marked = false;  // as seen, not durably yet
        bool retry = true;    // where it came to nothing
        std::unique_ptr<NewPacket> onward;
        NodeId next{};
        Way way = Way::Tx;
    };
    Result<void> process(const SpoolPacket& packet);
    Result<void> handle(OpenedPacket& opened);
    Result<void> relay(OpenedPacket& opened);
    Result<void> post(OpenedPacket& opened);
    Result<void> post_locally(const Arrival& post, const Area& area, const PostIds& ids,
                              const Content& content);
    Result<void> pass_on(const Arrival& post, const Area& area, const PostIds& ids,
                         const Content& content);
    void fail(const SpoolPacket& packet, const Error& error);
    void keep_or_put_aside(Tossed& tossed, bool retry);
    void take_back(Waiting& failed);
    void mark_finished();
    void settle();
    void publish();
    void keep_copies_of_failed();
    void tell(const Tossed& tossed);
    bool seen(const SpoolPacket& packet) const;

    const NodeConfig& config_;
    const Spool& spool_;
    Handlers& handlers_;
    const TossOptions& options_;
    const std::vector<NodeId> nodes_;
    Opener opener_;
    AreaPosts posts_;
    Outbox outbox_;
    TossCounts counts_;
    Waiting now_;  // the one that is being processed
    std::vector<Waiting> waiting_;
    std::set<Mth> done_;  // in this run
    std::chrono::steady_clock::time_point flushed_ = std::chrono::steady_clock::now();
};

}  // namespace waypost::nncp
