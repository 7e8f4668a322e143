// SPDX-License-Identifier: Apache-2.0
// A file that has no name until it is complete: what ends before leaves nothing behind.
#pragma once

#include <filesystem>
#include <string>

#include "bridges/nncp/spool/files.h"

namespace waypost::nncp {

class TempFile {
  public:
    // On the file system of `folder`, mode 0666 less the umask. Where that cannot hold files
    // without names (FAT), it has one for the time being.
    static Result<TempFile> make(const std::filesystem::path& folder);
    TempFile(TempFile&&) noexcept = default;
    TempFile& operator=(TempFile&&) noexcept = default;
    ~TempFile();

    int fd() const { return fd_.get(); }
    // Gives it this name in an open folder of the same file system. Conflict: the name is taken;
    // Refused: another file system.
    Result<void> name_as(int folder, const std::string& name);

  private:
    TempFile(Fd fd, std::string name) : fd_(std::move(fd)), working_(std::move(name)) {}
    Fd fd_;
    std::string working_;  // path of the name for the time being
};

}  // namespace waypost::nncp
