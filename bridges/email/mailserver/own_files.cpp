// SPDX-License-Identifier: Apache-2.0
#include "bridges/email/mailserver/own_files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>

namespace waypost::email {
namespace {

class Fd {
  public:
    explicit Fd(int fd) : fd_(fd) {}
    ~Fd() {
        if (fd_ >= 0) ::close(fd_);
    }
    Fd(const Fd&) = delete;
    Fd& operator=(const Fd&) = delete;
    int get() const { return fd_; }

  private:
    int fd_;
};

Error failed(const std::string& what) {
    return {Code::Internal, "cannot " + what + ": " + std::strerror(errno), true};
}

bool write_all(int fd, std::string_view text) {
    while (!text.empty()) {
        const ssize_t wrote = ::write(fd, text.data(), text.size());
        if (wrote < 0 && errno != EINTR) return false;
        if (wrote > 0) text.remove_prefix(static_cast<std::size_t>(wrote));
    }
    return true;
}

Result<void> sync_folder_of(const std::string& path) {
    const std::size_t slash = path.rfind('/');
    const std::string folder = slash == std::string::npos ? "." : path.substr(0, slash + 1);
    const Fd fd(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (fd.get() < 0 || ::fsync(fd.get()) != 0) return failed("sync " + folder);
    return {};
}

}  // namespace

Result<std::string> read_file(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) return Error{Code::NotFound, "cannot read " + path, false};
    return std::string(std::istreambuf_iterator<char>(file), {});
}

Result<void> may_write(const std::string& path) {
    struct stat info {};
    if (::lstat(path.c_str(), &info) != 0) {
        return errno == ENOENT ? Result<void>() : Result<void>(failed("look at " + path));
    }
    if (!S_ISREG(info.st_mode)) return Error{Code::Conflict, path + " is no ordinary file", false};
    std::ifstream file(path);
    std::string first;
    std::getline(file, first);
    if (first.find(kOursMark) == std::string::npos) {
        return Error{Code::Conflict, path + " was written by somebody else: move it away", false};
    }
    return {};
}

Result<void> write_own_file(const OwnFile& file) {
    if (auto may = may_write(file.path); !may.ok()) return may;
    const std::string fresh = file.path + ".new";
    ::unlink(fresh.c_str());  // of a run that was cut off
    {
        const Fd fd(
            ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
        if (fd.get() < 0) return failed("make " + fresh);
        if (!write_all(fd.get(), file.text)) return failed("write " + fresh);
        // Nobody else reads it before it has the group that is meant.
        if (file.group && ::fchown(fd.get(), static_cast<uid_t>(-1), *file.group) != 0)
            return failed("give " + fresh + " its group");
        if (::fchmod(fd.get(), file.mode) != 0 || ::fsync(fd.get()) != 0)
            return failed("finish " + fresh);
    }
    if (::rename(fresh.c_str(), file.path.c_str()) != 0) return failed("rename " + fresh);
    return sync_folder_of(file.path);
}

}  // namespace waypost::email
