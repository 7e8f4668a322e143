// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "bridges/email/mime/lines.h"

namespace waypost::email {

// Marks as Guess the legal terms under an offer or a newsletter: paragraphs that speak as only such
// terms do, and what stands between two of them.
void mark_fine_print(Lines& lines);

// Marks as Guess what stands under a heading such as "ADVERTISEMENT", up to the next drawn line.
void mark_adverts(Lines& lines);

}  // namespace waypost::email
