// SPDX-License-Identifier: Apache-2.0
// Names of files that other nodes choose. They are looked at component by component and followed
// without links, so that none leads out of the folder they are meant for (nncp 8.8.2 compares the
// beginning of the text, and follows links).
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "bridges/nncp/spool/files.h"

namespace waypost::nncp {

// Refuses (BadInput) what is absolute, empty, or has a NUL or a ".." in it.
Result<std::vector<std::string>> path_components(std::string_view path);

struct SafePlace {
    Fd folder;
    std::string name;  // in it
};
// The folder of `path` below `root`, made if `make` says so. No component is a link; `root` may be.
Result<SafePlace> open_place(const std::filesystem::path& root, std::string_view path, bool make);

}  // namespace waypost::nncp
