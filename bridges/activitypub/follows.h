// SPDX-License-Identifier: Apache-2.0
// Who follows whom, in both directions. A published group and the box itself (which tells of
// alarms, where the village wants that) are open to all. A person is asked first, like a stranger's
// first letter asks, and who may write to her may follow her; who is blocked later follows her no
// more. Accounts that people here follow are followed by the box, for all of them
// (PeopleView::feeds). Thread-safe.
#pragma once

#include <mutex>
#include <set>
#include <string>

#include "bridges/activitypub/gate.h"

namespace waypost::activitypub {

class Follows {
  public:
    explicit Follows(const Gate& gate) : gate_(gate) {}

    // HTTP status. `actor` has signed it.
    int follow(const Activity& follow, const Actor& actor, const std::string& address);
    void unfollow(const std::string& name, const std::string& actor);
    // Of a Follow of ours.
    void answered(const std::string& actor, bool accepted);
    // The account whose actor this is, if people here follow it; empty: nobody does.
    std::string feed_of(const std::string& actor) const;
    // A round: consent that was waited for, accounts to follow and to follow no more. Blocks.
    void look();

  private:
    void answer(const std::string& name, const Follower& follower, bool accept);
    void look_at_waiting();
    void look_at_blocked();
    void look_at_feeds();
    void begin(const std::string& account);
    void end(const std::string& account, const std::string& actor);

    const Gate gate_;
    std::mutex mutex_;                    // of look(): one at a time
    std::int64_t looked_at_blocked_ = 0;  // Unix seconds; with mutex_ held
};

}  // namespace waypost::activitypub
