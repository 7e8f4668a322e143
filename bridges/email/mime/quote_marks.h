// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "bridges/email/mime/lines.h"

namespace waypost::email {

// Marks as Quote what its first characters say is one: ">", the writer's initials and ">", or
// another mark under a line that introduces a quote; and the ends of quoted lines that a program
// broke in two.
void mark_quotes(Lines& lines);

}  // namespace waypost::email
