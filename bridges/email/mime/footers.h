// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "bridges/email/mime/lines.h"

namespace waypost::email {

// Marks what a mailing list, a provider or a telephone put under the text: a drawn line and the
// list's name and address, advertisements, "Sent from my ...". They may stand several in a row, and
// above an old mail.
void mark_footers(Lines& lines);

}  // namespace waypost::email
