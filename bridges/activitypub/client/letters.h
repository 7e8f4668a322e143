// SPDX-License-Identifier: Apache-2.0
// A delivery as a direct status of the account. Its wire id, which is on record before, is the
// Idempotency-Key. Servers keep such keys for an hour (Mastodon) or do not know them (snac), so a
// delivery that may have left is looked for among the account's own statuses first. One thread.
#pragma once

#include <string>
#include <string_view>

#include "bridges/activitypub/client/mentions.h"
#include "gateway/message/delivery.h"

namespace waypost::activitypub::client {

// What is behind the mention of whom it is for. Other "@name" in it get a mark that is not seen:
// to the server each of them would be one more reader.
std::string letter_text(const Delivery& delivery);

// The post says this to `to` ("bob@social.example"), and no more, however the server has dressed
// it: letters and digits alone count.
bool says_the_same(const Status& post, std::string_view text, const std::string& to);

class Letters {
  public:
    Letters(const ClientGate& gate, Session& session) : gate_(gate), session_(session) {}
    Outcome send(const Delivery& delivery, const WireId& wire);

  private:
    Asked<std::string> sent_before(const SignedIn& in, const Delivery& delivery, const WireId& wire,
                                   const std::string& text);
    std::string answered_by(const Delivery& delivery) const;
    Outcome of_problem(const Problem& problem);

    const ClientGate gate_;
    Session& session_;
};

}  // namespace waypost::activitypub::client
