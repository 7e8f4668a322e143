// SPDX-License-Identifier: Apache-2.0
// Files of a message from a network that has no mails (pictures of a post, say), kept and sent on
// as a mail has them: parts of multipart/mixed, each with its name and description (RFC 2045 8,
// RFC 2183). So what takes attachments out of mails takes these out too. Thread-safe.
#pragma once

#include <cstdint>
#include <istream>
#include <string>
#include <vector>

#include "gateway/base/result.h"
#include "gateway/message/message.h"

namespace waypost::email {

struct MailFile {
    Attachment about;
    std::string description;  // one line; may be empty
    std::string bytes;        // empty: too large
};

// An original to be kept: `text`, and these files in their order.
std::string files_original(const std::string& text, const std::vector<MailFile>& files);
// By its first line.
bool is_files_original(std::istream& original);

// What a mail, or an original as above, has attached, in the order of its attachments; with its
// bytes where they fit into `most`, all together. Error: it is no mail, or cannot be read.
Result<std::vector<MailFile>> files_of(std::istream& mail, std::size_t most);

}  // namespace waypost::email
