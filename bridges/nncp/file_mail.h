// SPDX-License-Identifier: Apache-2.0
// A file that came for a person ("ana/photo.jpg", "to/ana/photo.jpg") as the mail with an
// attachment that he is told of.
#pragma once

#include <optional>

#include "bridges/nncp/routes.h"
#include "bridges/nncp/toss/arrival.h"
#include "gateway/transport.h"

namespace waypost::nncp {

struct FileRecipient {
    Address to;
    Verdict verdict;  // whether he takes it
};
// Whom the file's path names; nullopt: nobody who lives here.
std::optional<FileRecipient> file_recipient(const Arrival& arrival, const Routes& routes,
                                            Office& office);

// From the node, in a domain that it carries. Its body is a mail in the store's own folder.
Result<Message> file_message(const Arrival& arrival, const Address& to, const Content& content,
                             const Routes& routes, Office& office);

}  // namespace waypost::nncp
