// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "gateway/base/secret.h"

namespace waypost::email {

// Read again for each login, so that a password that was mended, or a token that another program
// renews, counts without a restart.
struct MailboxLogin {
    std::string user;
    std::string secret_file;  // mode 0600
    bool oauth = false;       // it holds an OAuth 2 access token: XOAUTH2
};

}  // namespace waypost::email
