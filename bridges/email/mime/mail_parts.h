// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "bridges/email/mime/gmime_types.h"
#include "bridges/email/mime/read_mail.h"

namespace waypost::email {

// The text and attachments of a MIME tree, walked within the limits.
struct MailParts {
    std::string text;        // plain, quotes still in it
    std::string invitation;  // what a calendar part says, in one line
    std::vector<Attachment> attachments;
    std::vector<GMimeObject*> objects;  // what each of them is; they belong to the tree
    GMimeMessage* enclosed = nullptr;   // the first mail inside (message/rfc822), the tree's
    bool encrypted = false;
};
MailParts read_parts(GMimeObject* root, const MailLimits& limits);

}  // namespace waypost::email
