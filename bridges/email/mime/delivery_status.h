// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <vector>

#include "bridges/email/mime/delivery_report.h"

namespace waypost::email {

// The fields of a message/delivery-status part (RFC 3464 section 2), a report per recipient, 100 at
// most. Line ends of every kind, blank lines that are missing or too many, and lines that are no
// fields do not matter. A recipient counts if Action, Status or Diagnostic-Code says what became of
// his mail; the status is the more exact one of Status and Diagnostic-Code.
std::vector<DeliveryReport> read_delivery_status(std::string_view text);

}  // namespace waypost::email
