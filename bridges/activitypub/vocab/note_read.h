// SPDX-License-Identifier: Apache-2.0
// Notes inside other documents. Inside vocab/ only.
#pragma once

#include "bridges/activitypub/vocab/activity.h"
#include "bridges/activitypub/vocab/json_read.h"

namespace waypost::activitypub {

// `author`: where it names none; may be empty.
Result<Note> note_of(const Json& json, const std::string& author);

}  // namespace waypost::activitypub
