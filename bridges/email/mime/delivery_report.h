// SPDX-License-Identifier: Apache-2.0
// A delivery status notification (RFC 3464 in multipart/report, RFC 6522): what another server says
// became of a mail of ours.
#pragma once

#include <optional>
#include <string>

#include "bridges/email/mime/gmime_types.h"
#include "gateway/message/address.h"

namespace waypost::email {

struct DeliveryReport {
    enum class Action { Failed, Delayed, Delivered, Relayed };
    Action action = Action::Failed;
    std::string message_id;  // of the mail it is about, with <>
    Address recipient;       // as we wrote to him, if it says so; may be empty
    std::string status;      // enhanced status code (RFC 3463), "5.1.1"; may be empty
    std::string diagnostic;  // one line, cleaned, without its type; may be empty
};

// Of the first recipient that failed, else of the first. Nullopt: this is none, or it does not say
// which mail it is about.
std::optional<DeliveryReport> read_delivery_report(GMimeMessage* message);

}  // namespace waypost::email
