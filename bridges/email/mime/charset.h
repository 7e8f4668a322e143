// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace waypost::email {

// Text as UTF-8, whatever its label says. `label` is the charset parameter as it came, perhaps
// empty. What mail programs call by the wrong name is read as what they mean (WHATWG Encoding
// section 4.2: iso-8859-1 is windows-1252, gb2312 is gb18030, ...); a label that is unknown, or
// that the bytes cannot have, gives way to UTF-8 where they are that, else to windows-1252. UTF-7
// is not decoded: its bytes are shown. What does not fit becomes U+FFFD. Not yet cleaned of
// controls.
std::string to_utf8(std::string_view bytes, std::string_view label);

// The charset that a page names in its first bytes, for parts without a label; empty if none.
std::string charset_of_html(std::string_view html);

}  // namespace waypost::email
