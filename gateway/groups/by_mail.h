// SPDX-License-Identifier: Apache-2.0
// What people do with a group by mail beside posting: news+join@hill.example asks to be let in,
// news+leave@ to be let out, and the answer to our question does it: its address carries a token
// that only who reads his mail can have. RFC 3834 throughout: nothing automatic is answered, each
// address is written to a few times a day at most, and where nobody vouches for the sender, only so
// many a day are: most such mail names a sender who never wrote it.
#pragma once

#include "gateway/groups/standing.h"

namespace waypost {

Verdict admit_wish(Ledger& ledger, const store::GroupRow& group, const Letter& letter,
                   const Route& route);
void take_wish(Ledger& ledger, const store::GroupRow& group, const Letter& letter,
               const Route& route);

// The question about a post that waits, to a moderator whom no radio reaches: his answer passes it,
// a mail to the other address that it names drops it. Take_wish does it.
void ask_by_mail(Ledger& ledger, const store::PostRow& post, const store::MessageRow& row,
                 const std::string& handle, const Address& end);

// Posts cannot reach this member for good. After a few such he is out, and a moderator hears of it
// once.
void count_failure(Ledger& ledger, const store::GroupRow& group, const store::DeliveryRow& row);

}  // namespace waypost
