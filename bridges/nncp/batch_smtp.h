// SPDX-License-Identifier: Apache-2.0
// Batch SMTP: mails with their envelopes as one stream of SMTP commands without answers (RFC 2442,
// and `exim -bS`, which also ends its lines by LF alone). Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bridges/nncp/mail_packets.h"
#include "gateway/base/result.h"

namespace waypost::nncp {

struct BatchSmtpLimits {
    std::size_t mails = 1000;
    std::size_t recipients = 1000;  // of a mail
    std::size_t line_bytes = 2000;  // of a command
};

std::string batch_smtp(const std::vector<OutMail>& mails, const std::string& own_domain);

// All mails of it, or none. Parameters of ESMTP are skipped. BadInput: an unknown command, an
// address that is none, a mail without its last line; TooLarge.
Result<std::vector<OutMail>> read_batch_smtp(std::string_view stream,
                                             const BatchSmtpLimits& limits = {});

}  // namespace waypost::nncp
