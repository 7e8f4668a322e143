// SPDX-License-Identifier: Apache-2.0
#include "bridges/activitypub/moves.h"

#include <algorithm>
#include <future>

#include "bridges/activitypub/network.h"
#include "gateway/base/log.h"

namespace waypost::activitypub {
namespace {

bool names(const Actor& actor, const std::string& old) {
    const auto& all = actor.also_known_as;
    return std::find(all.begin(), all.end(), old) != all.end();
}

}  // namespace

std::optional<Actor> Moves::said_by_server(const std::string& old,
                                           const std::string& target) const {
    auto actor = gate_.remote.actor(old, true);
    if (!actor.ok() || actor->id != old || actor->moved_to != target) return std::nullopt;
    return std::move(*actor);
}

// One that was fetched a moment ago, and its host may not be asked again yet, counts if it says so.
Result<Actor> Moves::new_account(const std::string& id, const std::string& old) const {
    auto fresh = gate_.remote.actor(id, true);
    if (fresh.ok() || fresh.error().code != Code::Busy) return fresh;
    auto kept = gate_.remote.actor(id);
    return kept.ok() && names(*kept, old) ? kept : fresh;
}

Result<Moves::Became> Moves::move(const Actor& old, const std::string& address,
                                  const std::string& target) {
    if (!gate_.allowed(target) || gate_.site.is_ours(target)) return Became::OfNoConcern;
    const auto now = new_account(target, old.id);
    if (!now.ok()) return now.error();
    if (now->id != target || !names(*now, old.id)) return Became::Denied;
    if (now->no_bridge) return Became::OfNoConcern;
    const auto name = gate_.remote.acct_of(*now);
    if (!name.ok()) return name.error();
    if (const auto told = tell_people(address, *name); !told.ok()) return told.error();
    gate_.keep_blocks(old.id, now->id);
    log(Level::Info, "activitypub", "moved", {{"from", address}, {"to", *name}});
    return Became::Moved;
}

Result<void> Moves::tell_people(const std::string& from, const std::string& to) const {
    std::promise<Result<void>> done;
    auto answer = done.get_future();
    gate_.people.moved({kScheme, from}, {kScheme, to},
                       [&done](Result<void> result) { done.set_value(std::move(result)); });
    return answer.get();
}

}  // namespace waypost::activitypub
