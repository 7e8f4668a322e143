// SPDX-License-Identifier: Apache-2.0
// Answers a request for a file: the file itself, in chunks if the operator wants it so, or a folder
// as tar (specification 4.4).
#pragma once

#include <string>

#include "bridges/nncp/spool/outbox.h"

namespace waypost::nncp {

struct FileRequest {
    const Node* from = nullptr;  // who asked; its settings say what may be sent
    std::string source;          // below its freq path
    std::string destination;     // the name it wants
    Nice nice = kNiceFile;
};

// What was queued, in words for a log: "pub/index.txt (12 bytes)". Refused with retry where the
// operator's settings forbid it; BadInput for a name that can never be allowed.
Result<std::string> send_requested(const FileRequest& request, const Spool& spool, Outbox& outbox);

// An open file as one packet, or as chunks of `chunk` bytes with their meta if it is larger than
// that (0: never). All of them are queued, or none is promised.
struct Sending {
    const Node* to = nullptr;
    std::string name;
    Nice nice = kNiceFile;
    std::uint64_t chunk = 0, minsize = 0;
};
Result<void> send_file(int fd, std::uint64_t bytes, const Sending& sending, Outbox& outbox);

}  // namespace waypost::nncp
