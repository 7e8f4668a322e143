// SPDX-License-Identifier: Apache-2.0
// Bounces that are only text: qmail's QSBMF, Exim, older Postfix and Sendmail, Exchange, Domino,
// GroupWise, providers of their own make. Whether the mail comes from a mail system at all is for
// the caller to know.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "bridges/email/mime/delivery_report.h"

namespace waypost::email {

// What a bounce says, and what it returns below a line that says so.
struct Notice {
    std::string said;      // 64 KiB at most
    std::string original;  // header first; may be empty
};
Notice split_notice(std::string_view text);

// Failed or Delayed, if it says so. `own` is the bounce's To field: nobody in it failed.
// `subject` may say what the text does not. Without Message-ID.
std::optional<DeliveryReport> read_notice(std::string_view said, std::string_view subject,
                                          std::string_view own);

// The Message-ID in the header of a returned mail, with <>; empty without one.
std::string returned_message_id(std::string_view original);

}  // namespace waypost::email
