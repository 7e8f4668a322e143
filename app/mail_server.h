// SPDX-License-Identifier: Apache-2.0
// What several sections together say of the box's own mail server.
#pragma once

#include <memory>
#include <string>

#include "bridges/email/mailserver/mail_server.h"
#include "bridges/email/mailserver/password_file.h"
#include "gateway/config/config.h"
#include "gateway/people/mail_accounts.h"

namespace waypost {

// For instances of Postfix and Dovecot in `folder`. An error is a sentence for the operator: what
// the configuration lacks.
Result<email::MailServer> mail_server_of(const Config& config, const std::string& folder);

// Null where the configuration has no [mailserver.NAME]. Throws std::runtime_error where it has
// two.
std::unique_ptr<email::PasswordFile> password_file_of(const Config& config);

std::vector<email::PasswordLine> password_lines(const std::vector<MailAccount>& accounts);

}  // namespace waypost
