// SPDX-License-Identifier: Apache-2.0
// Check-ins: if nothing is heard of a person for as long as he said, those whom he named are told,
// once and again an hour later. He is asked before. All in the writer's transaction; the waiting is
// by box time, so no jump of the clock tells anybody.
#pragma once

#include <string>

#include "gateway/custody/ledger.h"

namespace waypost {

// Puts it on record, in place of an older one: the time runs from now.
void begin_check(Ledger& ledger, store::CheckInRow& row);
// A line of his, or a mail that he wrote. Whom his silence was told learns that he is heard.
void sign_of_life(Ledger& ledger, const std::string& owner);
// What is due by now. True: perhaps there is more.
bool act_on_silence(Ledger& ledger);
// "mama, ben": what he calls them, short; the responders if he named nobody.
std::string contact_names(Ledger& ledger, const store::CheckInRow& row);

}  // namespace waypost
