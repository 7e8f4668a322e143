// SPDX-License-Identifier: Apache-2.0
// Whether somebody wants letters from another network, as his profile on the account's server says
// (vocab/no_bridge.h). What was learned is kept for a day, of a thousand. One thread.
#pragma once

#include <string>

#include "bridges/activitypub/client/session.h"
#include "gateway/base/lru_map.h"

namespace waypost::activitypub::client {

class Readers {
  public:
    Readers(const MastodonApi& api, const Clock& clock) : api_(api), clock_(clock) {}

    // `acct`: "bob@far.example". Whom the server does not find, or does not let us look for, has
    // said nothing against it. A problem is one of Later or NoToken.
    Asked<bool> takes_letters(const SignedIn& in, const std::string& acct);

  private:
    struct Known {
        bool no_bridge = false;
        BoxTime until{};
    };
    Asked<std::optional<Profile>> profile_of(const SignedIn& in, const std::string& acct) const;

    const MastodonApi& api_;
    const Clock& clock_;
    LruMap<Known> known_{1000};  // by address, in small letters
};

}  // namespace waypost::activitypub::client
