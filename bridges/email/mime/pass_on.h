// SPDX-License-Identifier: Apache-2.0
// A mail that goes on as it came, so that its attachments, its form and its signatures (DKIM) stay;
// what we have to say stands before it. Only Bcc goes, which is nobody's business, and Return-Path,
// which is for the last station (RFC 5321 4.4); line ends that SMTP does not allow (2.3.8) become
// CR LF.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "gateway/base/clock.h"
#include "gateway/message/delivery.h"

namespace waypost::email {

struct PassOn {
    std::string domain;  // the box's: in Received (RFC 5321 4.4) and X-Waypost-Loop
    std::string id;      // the message's number here, for who reads the trace
    Address reply_to;    // may be empty; the mail's own Reply-To wins
    WallTime received{};
    // A post of a group: it goes on as the group's, with what the mail itself says of lists, of
    // where answers go and of signatures left out; its body stays.
    std::optional<ListPost> list{};
    Address from{};  // in place of its own, where the list goes in its own name
    std::string from_name{};
};

std::string pass_on(std::string_view original, const PassOn& said);

// The domain of the one mailbox in From, lower case; empty if there is not exactly one.
std::string from_domain(std::string_view mail);

}  // namespace waypost::email
