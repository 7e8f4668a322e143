// SPDX-License-Identifier: Apache-2.0
// The mail that is answered or forwarded, where it stands below with its header instead of marks.
#pragma once

#include "bridges/email/mime/lines.h"

namespace waypost::email {

// Under an answer, marks header block and old mail up to its end. Of a forward only the blocks go:
// of each that has words below it the line "From: Ana" stays.
void mark_old_mail(Lines& lines, bool forward);

}  // namespace waypost::email
