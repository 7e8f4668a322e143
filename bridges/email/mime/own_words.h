// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace waypost::email {

// Forward: the old mail in it is what it says. Answer: it is what was said before.
enum class MailKind { Answer, Forward };

// By the subject ("Re:", "Fwd:", in the words of many programs); `refers`: its header names a mail
// that it answers. A new mail that has another in it shows that one, so it is a Forward too.
MailKind mail_kind(std::string_view subject, bool refers);

struct OwnWords {
    std::string text;
    bool cut = false;        // more than blank and drawn lines went
    bool encrypted = false;  // OpenPGP armour that nobody opened was left out
};

// What the sender wrote himself. Quoted lines and what introduces them go, and so do the mail that
// is answered where it stands below without marks, signatures (RFC 3676 section 4.3), footers of
// lists and providers, disclaimers, and the armour of a clear-signed text (RFC 9580 section 7).
// Answers between quotes stay. A mail that only forwards keeps what it forwards, and says from
// whom. Text that has words never comes out empty, unless they are only a footer that a program
// added. Linear in the size of `text`.
OwnWords own_words(std::string_view text, MailKind kind = MailKind::Answer);

}  // namespace waypost::email
