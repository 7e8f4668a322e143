// SPDX-License-Identifier: Apache-2.0
// Who has said that he knows that a public post is read by all the world. In the writer's
// transaction.
#pragma once

#include <string>

#include "gateway/store/tables.h"

namespace waypost {

bool agreed_to_publish(store::Tables& tables, const std::string& handle);
void agree_to_publish(store::Tables& tables, const std::string& handle);
void forget_consent_to_publish(store::Tables& tables, const std::string& handle);

}  // namespace waypost
