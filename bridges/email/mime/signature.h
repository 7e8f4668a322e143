// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "bridges/email/mime/lines.h"

namespace waypost::email {

// What stands under "-- " (RFC 3676 section 4.3), also where a program took the space away.
void mark_signatures(Lines& lines);

// A signature that nothing announces: telephone, address and web page at the end, perhaps under a
// drawn line. The name above it stays.
void mark_cards(Lines& lines);

}  // namespace waypost::email
