// SPDX-License-Identifier: Apache-2.0
// What the office does for groups beside letting their mail in.
#include "gateway/delivery/office.h"
#include "gateway/groups/digest.h"
#include "gateway/groups/posts.h"

namespace waypost {
namespace {

constexpr int kAtOnce = 200;

}  // namespace

// The next batch of a post's members. Others get their turn between, and whatever a restart cut off
// goes on where it was.
void GatewayOffice::pass_on_posts() {
    auto effects = std::make_shared<Effects>();
    box_.store.writer().submit(
        [this, effects](store::Tables& tables) {
            *effects = {};
            Ledger ledger(tables, box_, *effects);
            waypost::pass_on_posts(ledger);
        },
        [this, effects](const Result<void>& stored) {
            if (stored.ok() && closing()) effects->posts_passing = false;
            if (stored.ok()) follow(*effects);
        });
}

// Digests that are due, and posts that no moderator looks at.
void GatewayOffice::keep_groups(store::DigestRow place) {
    auto effects = std::make_shared<Effects>();
    auto next = std::make_shared<store::DigestRow>();
    auto more = std::make_shared<bool>(false);
    box_.store.writer().submit(
        [=, this](store::Tables& tables) {
            *effects = {};
            Ledger ledger(tables, box_, *effects);
            *next = place;
            *more = send_digests(ledger, *next, kAtOnce);
            drop_unseen_posts(ledger, kAtOnce);
            effects->posts_passing |= tables.posts.next_passing().has_value();
        },
        [=, this](const Result<void>& stored) {
            if (!stored.ok()) return;
            follow(*effects);
            if (*more && !closing()) keep_groups(*next);
        });
}

}  // namespace waypost
