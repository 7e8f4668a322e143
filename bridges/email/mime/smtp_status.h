// SPDX-License-Identifier: Apache-2.0
// What servers mean, in words for somebody with a radio.
#pragma once

#include <string>

namespace waypost::email {

// The enhanced status code (RFC 3463) that a reply's text begins with; empty without one.
std::string enhanced_status(const std::string& text);

// A permanent refusal in at most 40 bytes: by its enhanced status, else by what its text says, else
// the text's beginning. `recipient`: it was said of the recipient, not of the mail.
std::string refusal_in_words(const std::string& status, bool recipient, const std::string& text);

}  // namespace waypost::email
