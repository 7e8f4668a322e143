// SPDX-License-Identifier: Apache-2.0
// The words by which mail systems say in plain text what became of a mail. For those that send no
// fields of RFC 3464, or send them beside a text that says more. All texts are given in lower case
// (ASCII) and squeezed.
#pragma once

#include <string_view>

namespace waypost::email {

// Whether one of `marks`, texts with | between them, is in the text.
bool says_any(std::string_view text, std::string_view marks);

bool says_failed(std::string_view line);   // "could not be delivered"
bool says_delayed(std::string_view line);  // "will be retried": nothing final is known
// "--- Below this line is a copy of the message": from the next line on it is the returned mail.
bool begins_original(std::string_view line);
// Somebody who holds a mail for a moderator or wants proof that a person wrote it.
bool asks_for_something(std::string_view line);
// Where to turn to: an address in such a line is not the one that failed.
bool offers_help(std::string_view line);

bool is_bounce_subject(std::string_view subject);  // "undelivered mail returned to sender"
// "Re: ...", "Fwd: ...", "Out of office": written by a person, or in the name of one.
bool is_personal_subject(std::string_view subject);
// The From field as it stands: mailer-daemon, postmaster, or nobody at all.
bool is_mail_system(std::string_view from);

}  // namespace waypost::email
