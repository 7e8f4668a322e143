// SPDX-License-Identifier: Apache-2.0
// OpenPGP's lines around and below a text (RFC 9580 sections 6.2 and 7).
#pragma once

#include "bridges/email/mime/lines.h"

namespace waypost::email {

// Marks the frame of clear-signed text, signatures and keys as Footer and takes the dash off
// escaped lines. True if there was an encrypted message, which is marked too.
bool mark_armour(Lines& lines);

}  // namespace waypost::email
