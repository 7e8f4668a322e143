// SPDX-License-Identifier: Apache-2.0
// Inside mime/ only.
#pragma once

#include "bridges/email/mime/gmime_types.h"
#include "bridges/email/mime/mail_files.h"

namespace waypost::email {

// `text` and the files as one part. Takes the reference to `text`, gives one.
GMimeObject* with_files(GMimeObject* text, const std::vector<MailFile>& files);
// UTF-8, encoded as it needs to be for seven bits. Gives a reference.
GMimeObject* text_part(const std::string& text);

}  // namespace waypost::email
