// SPDX-License-Identifier: Apache-2.0
#include "bridges/activitypub/client/readers.h"

#include <optional>

#include "gateway/message/text.h"

namespace waypost::activitypub::client {
namespace {

constexpr std::chrono::hours kKeptFor{24};

bool may_go_well_later(const Problem& problem) {
    return problem.kind == Problem::Kind::Later || problem.kind == Problem::Kind::NoToken;
}

}  // namespace

Asked<bool> Readers::takes_letters(const SignedIn& in, const std::string& acct) {
    const std::string key = lower_ascii(acct);
    const Known* there = known_.find(key);
    if (there != nullptr && clock_.box() < there->until) return !there->no_bridge;
    const auto profile = profile_of(in, acct);
    if (!profile.ok()) return profile.problem();
    if (!*profile) return true;
    const bool no_bridge = (*profile)->no_bridge;
    known_.put(key, {no_bridge, clock_.box() + kKeptFor});
    return !no_bridge;
}

Asked<std::optional<Profile>> Readers::profile_of(const SignedIn& in,
                                                  const std::string& acct) const {
    const auto known = api_.lookup(in.token, acct);
    if (known.ok()) return std::optional(*known);
    if (may_go_well_later(known.problem())) return known.problem();
    const auto found = api_.search(in.token, acct);
    if (!found.ok() && may_go_well_later(found.problem())) return found.problem();
    if (found.ok()) {
        for (const Profile& each : *found)
            if (lower_ascii(in.whole(each.account.acct)) == lower_ascii(acct))
                return std::optional(each);
    }
    return std::optional<Profile>();
}

}  // namespace waypost::activitypub::client
