// SPDX-License-Identifier: Apache-2.0
// What custody asks of the groups, which stand above it (gateway/groups/). All in the writer's
// transaction.
#pragma once

#include <string>

#include "gateway/custody/ledger.h"
#include "gateway/transport.h"

namespace waypost {

struct Letter;

// State in which a radio's share of posts is kept, by its owner's handle (groups/share.h).
inline constexpr char kGroupShareState[] = "group-share";

class GroupDoor {
  public:
    virtual ~GroupDoor() = default;
    // May this letter go where a route of Kind::Group leads? Duplicate: the group had it before.
    virtual Verdict admit(Ledger& ledger, const Letter& letter, const Route& route) const = 0;
    // It may, and is on record as `row`: what follows.
    virtual void take(Ledger& ledger, const Letter& letter, const store::MessageRow& row,
                      const Route& route) const = 0;
    // A post can never be handed to the member that `row` names.
    virtual void failed(Ledger& ledger, const store::DeliveryRow& row,
                        const std::string& group) const = 0;
};

// The group whose post this delivery brings to a member: "news"; empty if it is none. What becomes
// of it is nothing that its author is told.
std::string group_of(store::Tables& tables, const store::DeliveryRow& row);

// Who wrote a post, short: a handle, or the name that somebody outside gives himself.
std::string post_author(const Box& box, const store::MessageRow& message);

}  // namespace waypost
