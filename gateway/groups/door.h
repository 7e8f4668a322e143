// SPDX-License-Identifier: Apache-2.0
// Groups as custody knows them.
#pragma once

#include "gateway/custody/group_door.h"

namespace waypost {

class Groups final : public GroupDoor {
  public:
    Verdict admit(Ledger& ledger, const Letter& letter, const Route& route) const override;
    void take(Ledger& ledger, const Letter& letter, const store::MessageRow& row,
              const Route& route) const override;
    void failed(Ledger& ledger, const store::DeliveryRow& row,
                const std::string& group) const override;
};

// Posts that no moderator looked at in time are not passed; true: there are more.
bool drop_unseen_posts(Ledger& ledger, int most);

}  // namespace waypost
