// SPDX-License-Identifier: Apache-2.0
// Somebody here takes back a note: it is gone from our own pages, and every server that may have it
// is asked to delete it: that of its reader; of a post for all those of who follows its author or
// did, or answered it with a like or a boost. Thread-safe; blocks.
#pragma once

#include <string>
#include <vector>

#include "bridges/activitypub/gate.h"

namespace waypost::activitypub {

class Deletions {
  public:
    explicit Deletions(const Gate& gate) : gate_(gate) {}

    // Sent: it is on disk in the send queue, behind what may still wait there, with how many
    // servers are asked as its code. A repeat says the same. Failed: no such note is known here.
    Outcome take_back(const WireId& note);

  private:
    Result<std::vector<std::string>> inboxes_of(const std::string& author, const Post& post) const;

    const Gate gate_;
};

}  // namespace waypost::activitypub
