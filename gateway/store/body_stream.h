// SPDX-License-Identifier: Apache-2.0
// What the kinds of Bodies share.
#pragma once

#include <istream>

#include "gateway/store/bodies.h"

namespace waypost::store {

// Writes all of `content` and finishes.
Result<void> fill(BodyWriter& writer, std::istream& content);

}  // namespace waypost::store
