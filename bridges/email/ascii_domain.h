// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "gateway/message/address.h"

namespace waypost::email {

// A domain as DNS and SMTP without SMTPUTF8 take it: labels outside ASCII in Punycode (RFC 5891).
// What cannot be put so stays as it is; then no such domain will be found.
std::string ascii_domain(const std::string& domain);

// The same for a mailbox; the part before the @ stays.
std::string ascii_mailbox(const Address& mailbox);

}  // namespace waypost::email
