// SPDX-License-Identifier: Apache-2.0
// A delivery status notification as we make it: multipart/report (RFC 6522) with the words, the
// fields (RFC 3464) and the header of what it is about.
#pragma once

#include <optional>
#include <string>

#include "bridges/email/mime/gmime_types.h"
#include "gateway/base/clock.h"
#include "gateway/message/delivery.h"

namespace waypost::email {

struct StatusReport {
    std::string domain;  // the box's, as Reporting-MTA
    WallTime arrived{};
    Report::Action action = Report::Action::Failed;
    std::string envelope_id;         // Original-Envelope-Id; may be empty
    std::string original_recipient;  // with its type, "rfc822;ana@hill.example"; may be empty
    Address recipient;
    std::string status;      // "4.4.7"
    std::string diagnostic;  // one line; may be empty
    std::optional<WallTime> retry_until;
    std::string header;  // of the original, RFC 5322; may be empty
};

// Takes over `words`. The caller owns the result.
GMimeObject* status_report_part(GMimeObject* words, const StatusReport& report);

// The header of a mail that begins with `bytes`: whole lines of at most `most` bytes, ended by CR
// LF each.
std::string header_of(std::string_view bytes, std::size_t most);

// "Thu, 26 Nov 2026 11:00:00 +0000" (RFC 5322 3.3)
std::string mail_date(WallTime time);

}  // namespace waypost::email
