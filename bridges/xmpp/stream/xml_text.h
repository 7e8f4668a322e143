// SPDX-License-Identifier: Apache-2.0
// Any bytes as character data or attribute value of XML 1.0, always well-formed: malformed UTF-8
// becomes U+FFFD; what the rule Char (section 2.2) leaves out goes. What a reader would turn into
// a space or a line feed (sections 2.11 and 3.3.3) is written by number.
#pragma once

#include <string>
#include <string_view>

namespace waypost::xmpp {

void append_xml_text(std::string& out, std::string_view text);
void append_xml_value(std::string& out, std::string_view value);  // between apostrophes or quotes

}  // namespace waypost::xmpp
