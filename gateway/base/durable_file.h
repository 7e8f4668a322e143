// SPDX-License-Identifier: Apache-2.0
// Files that are seen whole or not at all, whenever the box loses its power.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <string_view>

#include "gateway/base/result.h"

namespace waypost {

struct DurableFile {
    std::string path;
    std::string text;
    unsigned mode = 0644;
    std::optional<gid_t> group{};  // else that of its folder or of who runs this
};

// On disk as PATH.new, synced, then renamed into place; nobody else reads it before it has its mode
// and group. Takes the place of what is there.
Result<void> write_durably(const DurableFile& file);

// What was renamed in it stays so.
Result<void> sync_folder(const std::string& folder);

// A line that nobody else reads: mode 0600, in a folder that is made if need be. Written by root it
// belongs to whose the folder is, as the gateway does that reads it (secret.h).
Result<void> write_secret_file(const std::string& path, std::string_view text);

}  // namespace waypost
