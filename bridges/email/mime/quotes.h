// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace waypost::email {

struct OwnWords {
    std::string text;
    bool cut = false;  // more than blank lines went
};

// What the sender wrote himself: quoted lines, the line that introduces them, forwarded header
// blocks at the end, the signature (RFC 3676 4.3) and "sent from my" footers go. Answers between
// quotes stay. If nothing would be left of a text that has words, it stays whole.
OwnWords own_words(std::string_view text);

}  // namespace waypost::email
