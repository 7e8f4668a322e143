// SPDX-License-Identifier: Apache-2.0
// A delivery as the mail that it is: common to all ways by which mails leave.
#pragma once

#include <string>

#include "gateway/transport.h"

namespace waypost::email {

// What came as a mail goes on as it came (pass_on.h); all else is written anew (write_mail.h), a
// report in the form of RFC 3464 with the header of what it is about. Error: its bytes cannot be
// read now (to be retried), or it cannot be written as a mail.
Result<std::string> mail_bytes_of(const Delivery& delivery, Office& office);

}  // namespace waypost::email
