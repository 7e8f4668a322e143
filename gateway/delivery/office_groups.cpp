// SPDX-License-Identifier: Apache-2.0
// What the office does for groups beside letting their mail in.
#include "gateway/delivery/office.h"
#include "gateway/groups/digest.h"
#include "gateway/groups/posts.h"

namespace waypost {

// The next batch of a post's members. Others get their turn between, and whatever a restart cut off
// goes on where it was.
void GatewayOffice::pass_on_posts() {
    submit([](Ledger& ledger) { waypost::pass_on_posts(ledger); });
}

// Digests that are due, and posts that no moderator looks at.
void GatewayOffice::keep_groups(store::DigestRow place) {
    auto next = std::make_shared<store::DigestRow>();
    submit(
        [place, next](Ledger& ledger) {
            *next = place;
            const bool more = send_digests(ledger, *next, kBatch);
            drop_unseen_posts(ledger, kBatch);
            ledger.effects().posts_passing |= ledger.tables().posts.next_passing().has_value();
            return more;
        },
        [this, next] { keep_groups(*next); });
}

}  // namespace waypost
