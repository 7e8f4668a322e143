// SPDX-License-Identifier: Apache-2.0
#include "gateway/store/bodies.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include "gateway/base/crash_point.h"
#include "gateway/base/free_bytes.h"

namespace waypost::store {
namespace {

constexpr char kUnfinished[] = "new-";

Error write_error(const std::string& what) {
    const int reason = errno;
    const bool full = reason == ENOSPC || reason == EDQUOT;
    return {full ? Code::Full : Code::Internal, what + ": " + std::strerror(reason), true};
}

class FileBody final : public BodyWriter {
  public:
    FileBody(const std::string& folder, std::string name, bool sync)
        : folder_(folder),
          name_(std::move(name)),
          sync_(sync),
          fd_(::open(path(kUnfinished).c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600)) {}
    FileBody(const FileBody&) = delete;
    FileBody& operator=(const FileBody&) = delete;
    ~FileBody() override {
        if (fd_ >= 0) {
            ::close(fd_);
            ::unlink(path(kUnfinished).c_str());
        }
    }

    Result<void> write(std::string_view bytes) override {
        if (fd_ < 0) return write_error("cannot make a body file");
        while (!bytes.empty()) {
            const ssize_t n = ::write(fd_, bytes.data(), bytes.size());
            if (n < 0 && errno == EINTR) continue;
            if (n < 0) return write_error("cannot write a body file");
            bytes.remove_prefix(static_cast<std::size_t>(n));
            size_ += static_cast<std::uint64_t>(n);
        }
        return {};
    }

    std::unique_ptr<std::istream> written() override {
        return std::make_unique<std::ifstream>(path(kUnfinished), std::ios::binary);
    }

    Result<Body> finish() override {
        if (fd_ < 0) return write_error("cannot make a body file");
        if (sync_ && ::fsync(fd_) != 0) return write_error("cannot sync a body file");
        crash_point(CrashPoint::BodySynced);
        if (::rename(path(kUnfinished).c_str(), path("").c_str()) != 0) {
            return write_error("cannot name a body file");
        }
        ::close(fd_);
        fd_ = -1;
        if (sync_ && !sync_folder()) return write_error("cannot sync the body folder");
        crash_point(CrashPoint::BodyNamed);
        return Body{{}, name_, size_};
    }

  private:
    std::string path(const char* prefix) const { return folder_ + '/' + prefix + name_; }
    bool sync_folder() const {
        const int fd = ::open(folder_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (fd < 0) return false;
        const bool done = ::fsync(fd) == 0;
        ::close(fd);
        return done;
    }

    const std::string& folder_;
    std::string name_;
    bool sync_;
    int fd_;
    std::uint64_t size_ = 0;
};

bool plain_name(const std::string& name) {
    return !name.empty() && name.find_first_not_of("0123456789abcdef") == std::string::npos;
}

}  // namespace

Bodies::Bodies(std::string folder, Random& random, bool sync)
    : folder_(std::move(folder)), random_(random), sync_(sync) {
    if (::mkdir(folder_.c_str(), 0700) != 0 && errno != EEXIST) {
        throw std::runtime_error("cannot make the folder " + folder_ + ": " + std::strerror(errno));
    }
}

std::unique_ptr<BodyWriter> Bodies::make() {
    return std::make_unique<FileBody>(folder_, random_.hex(16), sync_);
}

Result<std::unique_ptr<std::istream>> Bodies::open(const Body& body) const {
    if (body.file.empty()) return {std::make_unique<std::istringstream>(body.bytes)};
    if (!plain_name(body.file)) return bad_input("not the name of a body file");
    auto stream = std::make_unique<std::ifstream>(folder_ + '/' + body.file, std::ios::binary);
    if (!*stream && errno == ENOENT)
        return Error{Code::NotFound, "the body of this message is gone", false};
    if (!*stream) return write_error("cannot read a body file");
    return {std::move(stream)};
}

void Bodies::remove(const std::string& file) {
    if (plain_name(file)) ::unlink((folder_ + '/' + file).c_str());
}

std::size_t Bodies::sweep(const std::set<std::string>& named) {
    std::size_t removed = 0;
    for (const auto& entry : std::filesystem::directory_iterator(folder_)) {
        const std::string name = entry.path().filename();
        const bool ours = plain_name(name) || name.rfind(kUnfinished, 0) == 0;
        if (ours && named.count(name) == 0 && ::unlink(entry.path().c_str()) == 0) ++removed;
    }
    return removed;
}

Result<void> Bodies::copy_to(const std::string& folder) const {
    namespace fs = std::filesystem;
    std::error_code failed;
    fs::create_directories(folder, failed);
    if (failed) return Error{Code::Full, "cannot make " + folder + ": " + failed.message(), true};
    for (const auto& entry : fs::directory_iterator(folder_, failed)) {
        const std::string name = entry.path().filename();
        if (!plain_name(name)) continue;
        fs::copy_file(entry.path(), folder + '/' + name, failed);
        if (failed && fs::exists(entry.path()))
            return Error{Code::Full, "cannot copy a body: " + failed.message(), true};
    }
    const int fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0 || ::syncfs(fd) != 0) return write_error("cannot sync " + folder);
    ::close(fd);
    return {};
}

std::uint64_t Bodies::free_bytes() const { return waypost::free_bytes(folder_); }

}  // namespace waypost::store
