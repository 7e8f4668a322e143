// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace waypost {

// HTML without what makes a parser slow or big: comments, declarations, and the attributes of tags
// that are longer than any page needs (pictures inside a src). "<" that begins no tag is "&lt;".
std::string plain_tags(std::string_view html);

// Nothing but the text between the tags: for what nests deeper than any page.
std::string without_tags(std::string_view html);

}  // namespace waypost
