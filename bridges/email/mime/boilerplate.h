// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "bridges/email/mime/lines.h"

namespace waypost::email {

// Marks as Guess the paragraphs that lawyers and mailing programs add: "This e-mail is
// confidential", "To unsubscribe, click here", copyright lines. They are known by their words, in
// several languages, so each paragraph must have two of a notice's phrases, or begin as one.
void mark_boilerplate(Lines& lines);

}  // namespace waypost::email
