// SPDX-License-Identifier: Apache-2.0
// A mail that was read, as the gateway takes it: common to all ways by which mails come. Pure.
#pragma once

#include <optional>
#include <string>

#include "bridges/email/mime/read_mail.h"

namespace waypost::email {

// All that the mail itself says; of which network's form its body is; not yet to whom it goes, who
// handed it over or what is kept of it. `envelope_from`: nullopt is the null sender <>. A text that
// nobody here can read says so.
Message message_of(const ParsedMail& mail, const std::optional<Address>& envelope_from);

// It was at this box before, or has passed more hops than any way has.
bool goes_round(const ParsedMail& mail, const std::string& own_domain);

}  // namespace waypost::email
