// SPDX-License-Identifier: Apache-2.0
// Posts of an area on their way: who has had which, and copies for those who have not.
//
// A post is known by the hash of its header, as nncp knows it, and by the hash of all of it: the
// header alone is what its author signed, and a reader of the area can put another body under it.
// Both bodies are passed on then, and said to be disputed; nncp takes the first and drops the
// other. Of this room.
#pragma once

#include "bridges/nncp/spool/outbox.h"
#include "bridges/nncp/toss/arrival.h"

namespace waypost::nncp {

struct PostIds {
    Hash32 message{};  // BLAKE2b of the header: the name of nncp's marker
    Mth whole{};
    NodeId origin{};  // as the header says
};

class AreaPosts {
  public:
    // All outlive it.
    AreaPosts(const NodeConfig& config, const Spool& spool)
        : spool_(spool), config_(config), outbox_(config, spool) {}

    // BadInput: it is no packet for this area.
    static Result<PostIds> ids_of(const Area& area, const Content& content);

    bool had(const NodeId& node, const Area& area, const PostIds& ids) const;
    // Another body came under this header before, and we took it.
    bool disputed(const NodeId& node, const Area& area, const PostIds& ids) const;
    Result<void> mark(const NodeId& node, const Area& area, const PostIds& ids) const;
    // To every subscriber who has not had it, neither wrote it nor sent it here.
    Result<void> pass_on(const Arrival& post, const Area& area, const PostIds& ids,
                         const Content& content);

  private:
    const Spool& spool_;
    const NodeConfig& config_;
    Outbox outbox_;
};

}  // namespace waypost::nncp
