// SPDX-License-Identifier: Apache-2.0
// The schema as numbered migrations. Each only adds, so that the release before can still use the
// store: a box may come back to it from an update. What an older release needs is taken away by
// take_away(), once the release that does without it was marked good.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "gateway/store/session.h"

namespace waypost::store {

class StateTable;

enum class Engine { Sqlite, Postgresql };

int newest_version();
// What the table `meta` says of this; nullopt: nothing.
std::optional<std::string> meta_of(Poco::Data::Session& session, std::string name);
int version_of(Poco::Data::Session& session);  // 0: an empty store

// Brings the store to version `to` in one transaction per step. A store of a newer release stays as
// it is, if nothing was taken away that this one needs; else throws std::runtime_error.
void migrate(Poco::Data::Session& session, Engine engine, int to = newest_version());

// The release that runs was marked good on this box: what only older ones need may go.
void mark_good(StateTable& state);

struct TakingAway {
    int since = 0;  // the version from which on no release needs it
    std::vector<std::string> sql;
};
// Of this release, in order; what was added stays.
const std::vector<TakingAway>& takings_away();
// Does what is not done yet and may be: whose `since` a release knew that was marked good. One
// transaction for each.
void take_away(Poco::Data::Session& session, Engine engine,
               const std::vector<TakingAway>& all = takings_away());

}  // namespace waypost::store
