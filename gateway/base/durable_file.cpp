// SPDX-License-Identifier: Apache-2.0
#include "gateway/base/durable_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <system_error>

#include "gateway/base/crash_point.h"
#include "gateway/base/fd.h"
#include "gateway/base/write_all.h"

namespace waypost {
namespace {

Error failed(const std::string& what) {
    const Code code = errno == ENOSPC || errno == EDQUOT ? Code::Full : Code::Internal;
    return {code, "cannot " + what + ": " + std::strerror(errno), true};
}

// One that it has already is nothing that a confined service would have to be allowed.
bool give_group(int fd, gid_t group) {
    struct stat info {};
    if (::fstat(fd, &info) == 0 && info.st_gid == group) return true;
    return ::fchown(fd, static_cast<uid_t>(-1), group) == 0;
}

std::string folder_of(const std::string& path) {
    const std::size_t slash = path.rfind('/');
    return slash == std::string::npos ? "." : path.substr(0, slash + 1);
}

}  // namespace

Result<void> sync_folder(const std::string& folder) {
    const Fd fd(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!fd.good() || ::fsync(fd.get()) != 0) return failed("sync " + folder);
    return {};
}

Result<void> write_durably(const DurableFile& file) {
    const std::string fresh = file.path + ".new";
    ::unlink(fresh.c_str());  // of a run that was cut off
    {
        const Fd fd(
            ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
        if (!fd.good()) return failed("make " + fresh);
        if (!write_all(fd.get(), file.text)) return failed("write " + fresh);
        if (file.group && !give_group(fd.get(), *file.group))
            return failed("give " + fresh + " its group");
        if (::fchmod(fd.get(), file.mode) != 0 || ::fsync(fd.get()) != 0)
            return failed("finish " + fresh);
    }
    crash_point(CrashPoint::FileWritten);
    if (::rename(fresh.c_str(), file.path.c_str()) != 0) return failed("rename " + fresh);
    return sync_folder(folder_of(file.path));
}

Result<void> write_secret_file(const std::string& path, std::string_view text) {
    const auto parent = std::filesystem::path(path).parent_path();
    const std::string folder = parent.empty() ? "." : parent.string();
    std::error_code ignored;  // writing says it
    std::filesystem::create_directories(folder, ignored);
    auto wrote = write_durably({path, std::string(text) + '\n', 0600, {}});
    if (!wrote.ok() || ::geteuid() != 0) return wrote;
    struct stat info {};
    if (::stat(folder.c_str(), &info) != 0 || ::chown(path.c_str(), info.st_uid, info.st_gid) != 0)
        return Error{Code::Refused, "cannot give " + path + " to the owner of its folder", false};
    return {};
}

}  // namespace waypost
