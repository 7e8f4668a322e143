// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "bridges/email/mime/mail_files.h"
#include "bridges/email/mime/status_report.h"
#include "gateway/base/clock.h"
#include "gateway/base/result.h"
#include "gateway/message/delivery.h"

namespace waypost::email {

struct OutgoingMail {
    Address from;
    std::string from_name;
    Address to;
    Address reply_to;  // may be empty
    std::string subject;
    std::string text;
    std::string message_id;               // with <>
    std::vector<std::string> references;  // nearest first
    std::string loop_tag;                 // the box's domain
    bool automatic = false;               // Auto-Submitted (RFC 3834 5)
    WallTime date{};
    std::optional<ListPost> list;        // it is a post of a group (RFC 2369, RFC 2919)
    std::optional<StatusReport> report;  // it is one, and `text` says it in words
    std::vector<MailFile> files;         // attached
};

// A mail of RFC 5322 and MIME, CRLF line ends, headers folded and encoded by GMime; nothing from
// outside can add a header. An empty subject is taken from the first words of the text. A local
// part outside ASCII needs SMTPUTF8, which this does not write: an Error.
Result<std::string> write_mail(const OutgoingMail& mail);

}  // namespace waypost::email
