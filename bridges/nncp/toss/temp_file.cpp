// SPDX-License-Identifier: Apache-2.0
#include "bridges/nncp/toss/temp_file.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include <cerrno>

namespace waypost::nncp {

namespace {

constexpr int kFlags = O_RDWR | O_CLOEXEC;

// Without taking the place of another: where the file system cannot do that in one step, the name
// is held by an empty file first.
int rename_new(const std::string& from, int folder, const std::string& to) {
    if (::renameat2(AT_FDCWD, from.c_str(), folder, to.c_str(), RENAME_NOREPLACE) == 0) return 0;
    if (errno != EINVAL && errno != ENOSYS) return -1;
    const Fd held(::openat(folder, to.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666));
    return held.good() ? ::renameat(AT_FDCWD, from.c_str(), folder, to.c_str()) : -1;
}

}  // namespace

Result<TempFile> TempFile::make(const std::filesystem::path& folder) {
    Fd fd(::open(folder.c_str(), O_TMPFILE | kFlags, 0666));
    if (fd.good()) return TempFile(std::move(fd), {});
    if (errno != EOPNOTSUPP && errno != EISDIR) {
        return disk_error("make a file in " + folder.string());
    }
    const std::string name = (folder / ("." + working_name())).string();
    fd = Fd(::open(name.c_str(), kFlags | O_CREAT | O_EXCL, 0666));
    if (!fd.good()) return disk_error("make a file in " + folder.string());
    return TempFile(std::move(fd), name);
}

TempFile::~TempFile() {
    if (fd_.good() && !working_.empty()) (void)::unlink(working_.c_str());
}

Result<void> TempFile::name_as(int folder, const std::string& name) {
    const std::string self = "/proc/self/fd/" + std::to_string(fd_.get());
    const int done = working_.empty()
                         ? ::linkat(AT_FDCWD, self.c_str(), folder, name.c_str(), AT_SYMLINK_FOLLOW)
                         : rename_new(working_, folder, name);
    if (done == 0) {
        working_.clear();
        return {};
    }
    if (errno == EEXIST) return Error{Code::Conflict, name + " is there already", true};
    if (errno == EXDEV) return Error{Code::Refused, "another file system", true};
    return disk_error("write " + name);
}

}  // namespace waypost::nncp
