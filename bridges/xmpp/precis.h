// SPDX-License-Identifier: Apache-2.0
// Text as PRECIS prepares it (RFC 8264) by profiles of RFC 8265, with ICU's Unicode tables. Pure.
#pragma once

#include <string>
#include <string_view>

#include "gateway/base/result.h"

namespace waypost::xmpp {

// RFC 8265 3.3: wide forms as the usual ones, small letters, NFC, letters and digits alone, what
// is written from right to left by the rule of RFC 5893.
Result<std::string> username_case_mapped(std::string_view text);

// RFC 8265 4.2: any space as U+0020, NFC, nothing that is no character to read.
Result<std::string> opaque_string(std::string_view text);

// RFC 5893 section 2, of one label.
bool keeps_bidi_rule(std::u16string_view label);

}  // namespace waypost::xmpp
