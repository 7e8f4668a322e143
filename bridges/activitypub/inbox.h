// SPDX-License-Identifier: Apache-2.0
// What other servers bring: each activity is answered with yes only when what it says is on disk,
// and counts once. Thread-safe; blocks.
#pragma once

#include <atomic>
#include <string>

#include "bridges/activitypub/follows.h"
#include "bridges/activitypub/gate.h"
#include "bridges/activitypub/server/http_door.h"

namespace waypost::activitypub {

struct InboxCounters {
    std::uint64_t taken = 0;   // letters and posts in custody
    std::uint64_t passed = 0;  // of no concern here
    std::uint64_t refused = 0;
    std::uint64_t forged = 0;  // whose signature is not their author's
};

class Inbox {
  public:
    Inbox(const Gate& gate, Follows& follows) : gate_(gate), follows_(follows) {}

    Answer post(const Request& request);
    InboxCounters counters() const;

  private:
    struct Came;
    // The actor who signed; or why not, as an answer.
    std::optional<Answer> check(const Request& request, Came& came);
    bool is_authors(Came& came);
    Answer take(Came& came);
    Answer create(Came& came, bool updated);
    Answer remove(const Came& came);
    Answer react(const Came& came, bool share);
    Answer undo(const Came& came);
    Answer block(const Came& came, bool blocks);
    Answer flag(const Came& came);
    Answer custody(const Came& came, Message message, const std::string& id);
    std::vector<Address> readers_of(const Came& came, const Note& note) const;
    Message message_of(const Came& came, const Note& note, bool updated) const;
    void tell_reactions(const std::string& id, const std::string& by);

    const Gate gate_;
    Follows& follows_;
    std::atomic<std::uint64_t> taken_{0}, passed_{0}, refused_{0}, forged_{0};
};

}  // namespace waypost::activitypub
