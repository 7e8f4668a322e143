// SPDX-License-Identifier: Apache-2.0
// What connections to other people's servers have in common.
#pragma once

#include <Poco/Net/Context.h>

#include <optional>
#include <string>

namespace waypost::email {

// TLS as a client that verifies: against the authorities in `ca_file` (PEM), or the system's if it
// is empty. Throws Poco::Exception.
Poco::Net::Context::Ptr verifying_tls(const std::string& ca_file);
// Whoever answers (RFC 7435).
Poco::Net::Context::Ptr opportunistic_tls();

// At most 65535; nullopt if it is no port.
std::optional<int> port_number(const std::string& text);

}  // namespace waypost::email
