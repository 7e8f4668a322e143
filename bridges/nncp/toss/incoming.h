// SPDX-License-Identifier: Apache-2.0
// Files that arrived, in the folder that is open for them: `name`, then `name.0`, `name.1` where
// that is taken.
#pragma once

#include <filesystem>
#include <string>

#include "bridges/nncp/toss/content.h"
#include "bridges/nncp/toss/safe_path.h"

namespace waypost::nncp {

// The path below `incoming` that it got. It is there whole, on the disk if `sync`, or not at all.
Result<std::string> place_file(const std::filesystem::path& incoming, const std::string& path,
                               Content& content, bool sync);

// The same for a file that was made elsewhere on that file system: the name that it got.
Result<std::string> name_file(TempFile& file, const SafePlace& place, bool sync);

}  // namespace waypost::nncp
