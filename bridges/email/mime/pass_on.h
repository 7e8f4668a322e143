// SPDX-License-Identifier: Apache-2.0
// A mail that goes on as it came, so that its attachments, its form and its signatures (DKIM) stay;
// what we have to say stands before it. Only Bcc goes, which is nobody's business, and line ends
// that SMTP does not allow (RFC 5321 2.3.8) become CR LF.
#pragma once

#include <string>
#include <string_view>

#include "gateway/base/clock.h"
#include "gateway/message/address.h"

namespace waypost::email {

struct PassOn {
    std::string domain;  // the box's: in Received (RFC 5321 4.4) and X-Waypost-Loop
    std::string id;      // the message's number here, for who reads the trace
    Address reply_to;    // may be empty; the mail's own Reply-To wins
    WallTime received{};
};

std::string pass_on(std::string_view original, const PassOn& said);

}  // namespace waypost::email
