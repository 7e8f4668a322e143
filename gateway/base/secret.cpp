// SPDX-License-Identifier: Apache-2.0
#include "gateway/base/secret.h"

#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>

namespace waypost {
namespace {

constexpr std::size_t kMaxSecret = 16 * 1024;

}  // namespace

Secret::Secret(Secret&& other) noexcept : bytes_(other.bytes_) { other.wipe(); }

Secret& Secret::operator=(Secret&& other) noexcept {
    if (this != &other) {
        wipe();
        bytes_ = other.bytes_;
        other.wipe();
    }
    return *this;
}

Secret::~Secret() { wipe(); }

void Secret::wipe() noexcept {
    if (!bytes_.empty()) sodium_memzero(bytes_.data(), bytes_.size());
    bytes_.clear();
}

Result<Secret> read_secret_file(const std::string& path) {
    const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0) return Error{Code::NotFound, "cannot open the secret file " + path, false};
    struct stat info {};
    if (::fstat(fd, &info) != 0 || (info.st_mode & 077) != 0) {
        ::close(fd);
        return Error{Code::Refused, path + " can be read by others: chmod 600 it", false};
    }
    std::string bytes(kMaxSecret, '\0');
    const ssize_t got = ::read(fd, bytes.data(), bytes.size());
    ::close(fd);
    if (got < 0) return Error{Code::NotFound, "cannot read " + path, false};
    bytes.resize(static_cast<std::size_t>(got));
    while (!bytes.empty() && (bytes.back() == '\n' || bytes.back() == '\r')) bytes.pop_back();
    return Secret(std::move(bytes));
}

}  // namespace waypost
