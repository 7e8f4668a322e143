// SPDX-License-Identifier: Apache-2.0
// The schema as numbered migrations. Each leaves the store readable and writable for the release
// before; a step that takes something away runs only in a later release.
#pragma once

#include <string>

#include "gateway/store/session.h"

namespace waypost::store {

enum class Engine { Sqlite, Postgresql };

int newest_version();
int version_of(Poco::Data::Session& session);  // 0: an empty store

// Brings the store to version `to` in one transaction per step. Throws std::runtime_error if
// the store was written by a newer release: running on would lose what it knows.
void migrate(Poco::Data::Session& session, Engine engine, int to = newest_version());

}  // namespace waypost::store
