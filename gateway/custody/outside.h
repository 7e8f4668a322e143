// SPDX-License-Identifier: Apache-2.0
// What the gateway says by itself to a sender outside about a message of his, so that he is never
// left guessing: held, shortened, late, given up. RFC 3834 throughout: only where reports are
// wanted (the return path; not where the sender said NOTIFY=NEVER, RFC 3461), never about what is
// automatic itself, and each thing once. All
// functions work in the writer's transaction and say nothing where nothing may be said.
#pragma once

#include "gateway/custody/ledger.h"

namespace waypost {

// His program shows at each message of his what became of it, in the chat itself: the return path
// is of another network than mail. He may be one of ours.
bool wrote_by_chat(const Message& message);

// A mail of the gateway's own to somebody outside, with `mail`'s subject and text; it is tried for
// five days. Fills in the rest.
void write_outside(Ledger& ledger, store::MessageRow& mail, const Address& to);

// His message waits until its recipient takes mail from him. Once for each pair of them; where
// nobody vouches for the sender, only to so many a day: most such mail names a sender who never
// wrote it.
void tell_held(Ledger& ledger, const store::DeliveryRow& row, const store::MessageRow& message);

// Nothing of it can be read here: no key opens it, or it is too large. Once for each pair, as
// above.
void tell_unreadable(Ledger& ledger, const store::DeliveryRow& row,
                     const store::MessageRow& message);

// A radio has shown a part of it, or had only pictures to name. Once for each thread.
void tell_shortened(Ledger& ledger, const store::DeliveryRow& row);

// Whatever has waited for a day by now and still waits (RFC 3464, Action: delayed). At most `most`
// deliveries are looked at; true: there are more.
bool tell_late(Ledger& ledger, int most);

// It arrived (RFC 3464, Action: delivered), or has `left` for another mail server that says no more
// of it (relayed). Only where its sender asked for that (RFC 3461) and the recipient takes mail
// from him; once for each recipient, and to each sender of mails so many a day.
void tell_arrived(Ledger& ledger, const store::DeliveryRow& row);
void tell_left(Ledger& ledger, const store::DeliveryRow& row);

// It is tried no more: the final answer (RFC 3464, Action: failed). `reason` empty: time is over.
void tell_given_up(Ledger& ledger, const store::DeliveryRow& row, const std::string& reason);

}  // namespace waypost
