// SPDX-License-Identifier: Apache-2.0
// An account has moved to another one (Move; ActivityPub as Mastodon does it). It counts if both
// sides say so: the old one by its signature, or by movedTo in its document as its server shows it
// now; the new one by alsoKnownAs, likewise. Thread-safe; blocks.
#pragma once

#include <optional>
#include <string>

#include "bridges/activitypub/gate.h"

namespace waypost::activitypub {

class Moves {
  public:
    explicit Moves(const Gate& gate) : gate_(gate) {}

    // The old account as its own server shows it now, if that says that it has moved there.
    std::optional<Actor> said_by_server(const std::string& old, const std::string& target) const;

    enum class Became { Moved, Denied, OfNoConcern };
    // `old`, whose address is `address`, has said so. What follows has been handed to the store:
    // the caller waits for the transport's state. Denied: the new account does not know the old.
    Result<Became> move(const Actor& old, const std::string& address, const std::string& target);

  private:
    Result<Actor> new_account(const std::string& id, const std::string& old) const;
    Result<void> tell_people(const std::string& from, const std::string& to) const;

    const Gate gate_;
};

}  // namespace waypost::activitypub
