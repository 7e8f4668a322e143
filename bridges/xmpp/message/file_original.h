// SPDX-License-Identifier: Apache-2.0
// How a file that was fetched for a chat message is kept as its original: four lines that say where
// it lay and what it is, an empty one, and its bytes to the end.
//
//   waypost-xmpp-file 1
//   https://upload.example/goat.jpg
//   goat.jpg
//   image/jpeg
#pragma once

#include <istream>
#include <string>

#include "gateway/original.h"
#include "gateway/transport.h"

namespace waypost::xmpp {

struct FileHead {
    std::string url;
    std::string name;  // cleaned
    std::string type;  // media type
};

// One line each: what would break them is left out.
std::string write_file_head(const FileHead& head);
// Leaves `in` at the first byte of the file. BadInput: it is no such original.
Result<FileHead> read_file_head(std::istream& in);

// Attachment 1 of it (TransportKind::open_attachment).
Result<std::unique_ptr<AttachmentContent>> open_file_original(
    std::unique_ptr<std::istream> original, std::size_t number);

// Where the file of this original lies; empty where there is none. Reads a few lines from disk.
std::string link_of_original(Office& office, const Body& body);

}  // namespace waypost::xmpp
