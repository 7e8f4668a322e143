// SPDX-License-Identifier: Apache-2.0
// A folder on a medium that goes while it is being read: readdir() fails with EIO.
#pragma once

#include <filesystem>

namespace waypost::nncp {

class FailingFolder {
  public:
    // After so many entries, "." and ".." among them.
    FailingFolder(const std::filesystem::path& folder, int entries);
    ~FailingFolder();
    FailingFolder(const FailingFolder&) = delete;
    FailingFolder& operator=(const FailingFolder&) = delete;
};

}  // namespace waypost::nncp
