// SPDX-License-Identifier: Apache-2.0
// What stands on record as the text of a message of which nothing can be read here. Who reads it
// on a radio is told the same in his own language.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "gateway/message/message.h"

namespace waypost {

// "[encrypted, cannot be read here]"; `size` counts for TooLarge only: "[mail of 3.1M, too large
// here]".
std::string text_of(Unreadable what, const std::string& size);

struct UnreadableText {
    Unreadable what = Unreadable::No;
    std::string size;
};
std::optional<UnreadableText> unreadable_of(std::string_view text);

}  // namespace waypost
