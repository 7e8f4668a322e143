// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <istream>

#include "bridges/email/mime/gmime_types.h"
#include "bridges/email/mime/read_mail.h"

namespace waypost::email {

// A mail taken apart. The contents of its parts are places in the stream, which outlives it.
struct MailTree {
    GRef<GMimeMessage> message;
    std::int64_t end = 0;  // where the parser was made to stop
    bool cut = false;      // that was before the mail's own end (MailLimits::boundary_lines)
};
Result<MailTree> parse_mail(std::istream& mail, const MailLimits& limits);

}  // namespace waypost::email
