// SPDX-License-Identifier: Apache-2.0
// What stands behind the address in MAIL and RCPT: SIZE (RFC 1870), BODY (6152), SMTPUTF8 (6531),
// and what a sender wants to hear of his mail, RET, ENVID, NOTIFY and ORCPT (DSN, RFC 3461). Pure.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "gateway/base/result.h"
#include "gateway/message/message.h"

namespace waypost::email {

struct MailParameters {
    std::size_t size = 0;     // announced; 0: not said
    std::string envelope_id;  // decoded; printable ASCII, at most 100 bytes of xtext (RFC 3461 4.4)
};

// Errors: Code::NotFound for a parameter that nobody here knows, Code::BadInput for one whose value
// is none, or that is there twice.
Result<MailParameters> parse_mail_parameters(std::string_view text);
Result<Wish> parse_recipient_parameters(std::string_view text);

// Their form on the way out, with a space before each; empty where nothing is asked.
std::string mail_parameters(const Wish& wish, std::string_view envelope_id);
std::string recipient_parameters(const Wish& wish);

// RFC 3461 section 4: "a+b" is "a+2Bb".
std::string to_xtext(std::string_view text);
// Only what is printable when it is decoded.
Result<std::string> from_xtext(std::string_view xtext);

}  // namespace waypost::email
