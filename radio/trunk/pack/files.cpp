// SPDX-License-Identifier: Apache-2.0
#include "radio/trunk/pack/files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

namespace waypost::pack {
namespace {

Error failed(const char* what, const std::filesystem::path& file) {
    const int reason = errno;
    const Code code = reason == ENOENT   ? Code::NotFound
                      : reason == ENOSPC ? Code::Full
                                         : Code::Internal;
    return {code, std::string(what) + " " + file.string() + ": " + std::strerror(reason)};
}

bool write_all(int fd, std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t written = ::write(fd, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
}

}  // namespace

OpenFile::~OpenFile() {
    if (fd_ >= 0) ::close(fd_);
}

Result<OpenFile> open_for_reading(const std::filesystem::path& file) {
    const int fd = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0) return failed("cannot open", file);
    struct stat about {};
    if (::fstat(fd, &about) != 0 || !S_ISREG(about.st_mode)) {
        ::close(fd);
        return Error{Code::NotFound, file.string() + " is no file"};
    }
    return OpenFile(fd, static_cast<std::size_t>(about.st_size));
}

Result<std::string> read_file(const std::filesystem::path& file) {
    const auto opened = open_for_reading(file);
    if (!opened.ok()) return opened.error();
    std::string bytes(opened->size(), '\0');
    std::size_t have = 0;
    while (have < bytes.size()) {
        const ssize_t got = ::read(opened->fd(), bytes.data() + have, bytes.size() - have);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return failed("cannot read", file);
        have += static_cast<std::size_t>(got);
    }
    return bytes;
}

Result<void> replace_file(const std::filesystem::path& file, std::string_view bytes) {
    const std::filesystem::path unfinished = file.string() + ".new";
    const int fd = ::open(unfinished.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (fd < 0) return failed("cannot make", unfinished);
    const OpenFile made(fd, bytes.size());
    if (!write_all(fd, bytes) || ::fsync(fd) != 0) return failed("cannot write", unfinished);
    if (std::rename(unfinished.c_str(), file.c_str()) != 0) return failed("cannot name", file);
    const auto folder = ::open(file.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0) return failed("cannot open", file.parent_path());
    const OpenFile parent(folder, 0);
    return ::fsync(folder) == 0 ? Result<void>() : failed("cannot sync", file.parent_path());
}

}  // namespace waypost::pack
