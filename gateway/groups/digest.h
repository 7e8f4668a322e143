// SPDX-License-Identifier: Apache-2.0
// "#news 5 new: ana: Water is on | ben: Bridge is... #news reads": what a radio's share had no room
// for, in one packet a group and a while.
#pragma once

#include "gateway/custody/ledger.h"

namespace waypost {

// Goes on behind the member and group that `place` names, and sets it; true: there are more. At
// most `most` of them are looked at.
bool send_digests(Ledger& ledger, store::DigestRow& place, int most);

}  // namespace waypost
