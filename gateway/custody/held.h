// SPDX-License-Identifier: Apache-2.0
// What waits for its recipient: for consent, for `start`, for a radio of his. All functions work in
// the writer's transaction; what an operator holds is left alone.
#pragma once

#include <functional>
#include <string>

#include "gateway/custody/ledger.h"

namespace waypost {

// State in which it is kept who knows that all the world reads his public posts, by his handle
// (conversation/publishing.h).
inline constexpr char kPublicConsentState[] = "agreed to publish";

// Whether `owner` takes mail from who wrote this.
bool has_consent(Ledger& ledger, const std::string& owner, const store::MessageRow& message);

// Lets go what is held for `owner` and `may_go` is true of, on the network that reaches him now;
// what no network reaches stays, and all while he has paused. `why` is for the trace.
void release_held(Ledger& ledger, const std::string& owner, const std::string& why,
                  const std::function<bool(const store::MessageRow&)>& may_go);
// Likewise, whatever he has consented to: the reason for which the rest was held has gone.
void release_consented(Ledger& ledger, const std::string& owner, const std::string& why);
// Everything held for `owner` from this sender outside goes, or is cancelled.
void release_from(Ledger& ledger, const std::string& owner, const Address& sender,
                  const std::string& why);
void cancel_from(Ledger& ledger, const std::string& owner, const Address& sender);

// Of one person so much may wait for his consent; of more the oldest goes, and its sender hears of
// that as of any other that is given up.
inline constexpr int kMostUnasked = 500;
// After `delivery` was stored as held, what `from` outside wrote.
void note_held(Ledger& ledger, const store::DeliveryRow& delivery, const Address& from,
               store::Asked asked);
// Of a message to a person's radio and mailbox: the other of the two has it, or may get it yet, so
// nobody is told that this one failed, was late or short.
bool has_another_way(Ledger& ledger, const store::DeliveryRow& row);
// A person's mailbox on this box is no more: its account goes, and what was on its way there.
void close_mailbox(Ledger& ledger, const std::string& handle);
// A person is leaving: he is in no group any more, how he was spoken to is forgotten, what is still
// under way to him is cancelled, and nobody takes his name by himself while answers to him may
// still come. A group's name is nobody's.
void leave(Ledger& ledger, const std::string& handle);
bool is_reserved(Ledger& ledger, const std::string& handle);

}  // namespace waypost
