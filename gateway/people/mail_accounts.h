// SPDX-License-Identifier: Apache-2.0
// Who may sign in with a mail program: the accounts of the mail server beside the gateway. Only the
// hash of a password is kept.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "gateway/base/random.h"
#include "gateway/base/result.h"
#include "gateway/base/secret.h"
#include "gateway/store/tables.h"

namespace waypost {

struct MailAccount {
    std::string handle;
    // Name of the folder of his mails, "ana-1f3c9a": chance makes it his own, so that who bears the
    // name after him does not read them.
    std::string folder;
    std::string hash;  // "$argon2id$v=19$..." (RFC 9106, as libsodium and Dovecot write it)
};

// 8 to 128 bytes of UTF-8 without control characters; then its Argon2id hash. Takes 64 MiB and a
// tenth of a second or more: not for a thread that others wait for.
Result<std::string> hash_password(const Secret& password);
// Twelve letters and digits that nobody mistakes for one another, "k3hf-9mpw-x2ra" (59 bits).
Secret make_password(Random& random);

// In the caller's transaction. A new hash keeps the folder.
void put_mail_account(store::Tables& tables, const std::string& handle, const std::string& hash,
                      Random& random);
bool forget_mail_account(store::Tables& tables, const std::string& handle);  // false: he had none
std::vector<MailAccount> mail_accounts(store::Tables& tables);               // by handle

}  // namespace waypost
