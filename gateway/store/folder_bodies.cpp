// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <fstream>

#include "gateway/base/crash_point.h"
#include "gateway/base/free_bytes.h"
#include "gateway/base/write_all.h"
#include "gateway/store/body_stream.h"

namespace waypost::store {
namespace {

namespace fs = std::filesystem;

constexpr char kUnfinished[] = "new-";

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
        if (fd_ < 0) return file_error("cannot make a body file");
        if (!write_all(fd_, bytes)) return file_error("cannot write a body file");
        size_ += bytes.size();
        return {};
    }

    std::unique_ptr<std::istream> written() override {
        return std::make_unique<std::ifstream>(path(kUnfinished), std::ios::binary);
    }

    Result<Body> finish() override {
        if (fd_ < 0) return file_error("cannot make a body file");
        if (sync_ && ::fsync(fd_) != 0) return file_error("cannot sync a body file");
        crash_point(CrashPoint::BodySynced);
        if (::rename(path(kUnfinished).c_str(), path("").c_str()) != 0) {
            return file_error("cannot name a body file");
        }
        ::close(fd_);
        fd_ = -1;
        if (sync_ && !sync_folder()) return file_error("cannot sync the body folder");
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

class FolderBodies final : public Bodies {
  public:
    FolderBodies(std::string folder, Random& random, bool sync)
        : folder_(std::move(folder)), random_(random), sync_(sync) {
        make_own_folder(folder_);
    }

    std::unique_ptr<BodyWriter> make() override {
        return std::make_unique<FileBody>(folder_, random_.hex(16), sync_);
    }

    void remove(const std::string& name) override {
        if (is_body_name(name)) ::unlink((folder_ + '/' + name).c_str());
    }

    std::size_t sweep(const Named& named) override {
        const std::set<std::string> stay = named();
        std::size_t removed = 0;
        for (const auto& entry : fs::directory_iterator(folder_)) {
            const std::string name = entry.path().filename();
            const bool ours = is_body_name(name) || name.rfind(kUnfinished, 0) == 0;
            if (ours && stay.count(name) == 0 && ::unlink(entry.path().c_str()) == 0) ++removed;
        }
        return removed;
    }

    Result<void> copy_to(const std::string& folder) const override {
        std::error_code failed;
        fs::create_directories(folder, failed);
        if (failed)
            return Error{Code::Full, "cannot make " + folder + ": " + failed.message(), true};
        for (const auto& entry : fs::directory_iterator(folder_, failed)) {
            const std::string name = entry.path().filename();
            if (!is_body_name(name)) continue;
            fs::copy_file(entry.path(), folder + '/' + name, failed);
            if (failed && fs::exists(entry.path()))
                return Error{Code::Full, "cannot copy a body: " + failed.message(), true};
        }
        const int fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (fd < 0 || ::syncfs(fd) != 0) return file_error("cannot sync " + folder);
        ::close(fd);
        return {};
    }

    Result<void> put(const std::string& name, std::istream& content) override {
        FileBody file(folder_, name, sync_);
        return fill(file, content);
    }

    bool empty() const override { return fs::is_empty(folder_); }
    std::string folder() const override { return folder_; }
    std::uint64_t free_bytes() const override { return waypost::free_bytes(folder_); }

  protected:
    Result<std::unique_ptr<std::istream>> open_named(const std::string& name) const override {
        auto stream = std::make_unique<std::ifstream>(folder_ + '/' + name, std::ios::binary);
        if (!*stream && errno == ENOENT)
            return Error{Code::NotFound, "the body of this message is gone", false};
        if (!*stream) return file_error("cannot read a body file");
        return {std::move(stream)};
    }

  private:
    std::string folder_;
    Random& random_;
    bool sync_;
};

}  // namespace

std::unique_ptr<Bodies> bodies_in_folder(std::string folder, Random& random, bool sync) {
    return std::make_unique<FolderBodies>(std::move(folder), random, sync);
}

}  // namespace waypost::store
