// SPDX-License-Identifier: Apache-2.0
// How the box gets the token of an account, in two steps that a person does with any browser
// between. The registration lies beside the token file, as TOKENFILE.app, mode 0600.
#pragma once

#include <string>

#include "bridges/activitypub/client/client_transport.h"
#include "gateway/base/result.h"

namespace waypost::activitypub {

// Registers the box with the server. Where the owner of the account agrees, and is shown a code.
Result<std::string> authorise(const ClientOptions& options);

// Makes a token of the code and keeps it. Whose account it is: "ana@social.example".
Result<std::string> keep_token(const ClientOptions& options, const std::string& code);

// Has the server end the token, and removes both files.
Result<void> revoke_token(const ClientOptions& options);

}  // namespace waypost::activitypub
