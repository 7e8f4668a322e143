// SPDX-License-Identifier: Apache-2.0
// What other servers bring: each activity is answered with yes only when what it says is on disk,
// and counts once. Thread-safe; blocks.
#pragma once

#include <atomic>
#include <string>

#include "bridges/activitypub/follows.h"
#include "bridges/activitypub/gate.h"
#include "bridges/activitypub/moves.h"
#include "bridges/activitypub/pictures/waiting_notes.h"
#include "bridges/activitypub/seen_requests.h"
#include "bridges/activitypub/server/http_door.h"

namespace waypost::activitypub {

struct InboxCounters {
    std::uint64_t taken = 0;   // letters and posts in custody
    std::uint64_t passed = 0;  // of no concern here
    std::uint64_t refused = 0;
    // Whose signature is not their author's, or that one of two sides denies.
    std::uint64_t forged = 0;
};

class Inbox {
  public:
    // `waiting`: for notes whose pictures are fetched; null: none is.
    Inbox(const Gate& gate, Follows& follows, WaitingNotes* waiting = nullptr)
        : gate_(gate), follows_(follows), waiting_(waiting), moves_(gate), seen_(gate.state) {}

    Answer post(const Request& request);
    // What came so long ago that nobody takes it back any more.
    void forget_old();
    // A note that waited for its pictures, into custody. False: not now.
    bool take_waited(Message message);
    InboxCounters counters() const;

  private:
    struct Came;
    Answer answer_to(const Request& request);
    bool is_authors(Came& came);
    Answer take(Came& came);
    Answer create(const Came& came);
    Answer edit(const Came& came);
    Answer remove(const Came& came);
    Answer move(const Came& came);
    Answer react(Came& came, bool share);
    Answer undo(Came& came);
    Answer block(Came& came, bool blocks);
    Answer flag(const Came& came);
    Answer custody(Message message);
    // For the first whom it reaches; else why it does not reach the first.
    Verdict into_custody(Message message);
    bool waits(const std::string& origin_id) const;
    bool put_aside(const Note& note, const Message& message);
    Answer kept();
    Answer kept_once(Came& came);  // what may be undone
    Answer passed();
    std::vector<Address> readers_of(const Came& came, const Note& note) const;
    Message message_of(const Came& came, const Note& note, bool updated,
                       const std::vector<Address>& readers) const;

    const Gate gate_;
    Follows& follows_;
    WaitingNotes* const waiting_;
    Moves moves_;
    SeenRequests seen_;
    std::atomic<std::uint64_t> taken_{0}, passed_{0}, refused_{0}, forged_{0};
};

}  // namespace waypost::activitypub
