// SPDX-License-Identifier: Apache-2.0
// Files that the gateway keeps for another program: seen whole or not at all, and never in the
// place of a file that somebody else wrote.
#pragma once

#include <string>

#include "gateway/base/durable_file.h"
#include "gateway/base/result.h"

namespace waypost {

// A file is ours if this stands in its first line.
inline constexpr char kOursMark[] = "Waypost wrote this file";

struct OwnFolder {
    std::string path;
    unsigned mode = 0755;
    std::string owner;  // user name; empty: who runs this
};

// Not there, or ours. Refused: there is a file of others, or something that is no file.
Result<void> may_write(const std::string& path);
// Durably. Refused as may_write says.
Result<void> write_own_file(const DurableFile& file);
// Its text; NotFound if it is not there.
Result<std::string> read_file(const std::string& path);

}  // namespace waypost
