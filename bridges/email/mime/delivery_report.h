// SPDX-License-Identifier: Apache-2.0
// What another server says became of a mail of ours: a delivery status notification (RFC 3464,
// RFC 6533; in multipart/report, RFC 6522), also one that keeps to none of them, and the text forms
// of older and of big providers' mail systems.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "bridges/email/mime/gmime_types.h"
#include "gateway/message/address.h"

namespace waypost::email {

struct DeliveryReport {
    enum class Action { Failed, Delayed, Delivered, Relayed };
    Action action = Action::Failed;
    std::string message_id;  // of the mail it is about, with <>; empty if it does not say
    Address recipient;       // as we wrote to him, if it says so; may be empty
    std::string status;      // enhanced status code (RFC 3463), "5.1.1"; may be empty
    std::string diagnostic;  // one line, cleaned, without its type; may be empty
};

// Of the first recipient that failed, else of the first. `text` is what the mail says in its text
// parts, `null_sender` whether it came from <>.
//
// Fields of RFC 3464 count in a multipart/report. Everywhere else, and the text forms always, the
// mail must come from a mail system, by its null sender, From or subject; nothing of it counts in a
// person's mail, an automatic answer, a moderator's notice, a challenge or a read receipt (MDN,
// RFC 8098). Delivered and Relayed come from fields only. What says that it is tried again is
// Delayed, whatever else it says. The Message-ID is the returned mail's own, never the bounce's.
// Nullopt: none of this.
std::optional<DeliveryReport> read_delivery_report(GMimeMessage* message, std::string_view text,
                                                   bool null_sender);

}  // namespace waypost::email
