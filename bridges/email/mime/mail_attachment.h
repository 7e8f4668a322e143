// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/original.h"

namespace waypost::email {

// Attachment `number` of a mail as read_mail lists it (RFC 2045-2047, RFC 2183). An attached mail
// (message/rfc822) is written out as it was parsed: the same headers and parts, line ends perhaps
// not. Errors: NotFound, if there are fewer; TooLarge, if the mail has so many parts that this one
// was not read to its end; BadInput, if it is no mail.
Result<std::unique_ptr<AttachmentContent>> open_mail_attachment(
    std::unique_ptr<std::istream> original, std::size_t number);

}  // namespace waypost::email
