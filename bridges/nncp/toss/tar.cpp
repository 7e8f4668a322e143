// SPDX-License-Identifier: Apache-2.0
#include "bridges/nncp/toss/tar.h"

#include <archive.h>
#include <archive_entry.h>
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <memory>
#include <vector>

namespace waypost::nncp {

namespace {

constexpr int kDepth = 64;
constexpr std::size_t kPieceBytes = 64 * 1024;

struct FreeArchive {
    void operator()(archive* it) const { archive_write_free(it); }
    void operator()(archive_entry* it) const { archive_entry_free(it); }
    void operator()(DIR* it) const { ::closedir(it); }
};

class TarWriter {
  public:
    explicit TarWriter(int fd) : archive_(archive_write_new()) {
        archive_write_set_format_pax(archive_.get());
        archive_write_open_fd(archive_.get(), fd);
    }
    Result<void> folder(int fd, const std::string& name, int depth);
    Result<void> finish() {
        return archive_write_close(archive_.get()) == ARCHIVE_OK ? Result<void>() : failed();
    }

  private:
    Error failed() const {
        const char* why = archive_error_string(archive_.get());
        return {Code::Internal, std::string("packing a folder: ") + (why ? why : "failed"), true};
    }
    Result<void> entry(const std::string& name, const struct stat& about);
    Result<void> file(int fd, std::uint64_t bytes);
    Result<void> member(int folder, const std::string& file_name, const std::string& name,
                        int depth);
    std::unique_ptr<archive, FreeArchive> archive_;
};

Result<std::vector<std::string>> names_in(int folder) {
    const int again = ::openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const std::unique_ptr<DIR, FreeArchive> open(again < 0 ? nullptr : ::fdopendir(again));
    if (!open) return disk_error("read a folder");
    std::vector<std::string> names;
    while (const dirent* each = ::readdir(open.get())) names.emplace_back(each->d_name);
    std::sort(names.begin(), names.end());
    return names;
}

Result<void> TarWriter::entry(const std::string& name, const struct stat& about) {
    const bool folder = S_ISDIR(about.st_mode);
    const std::unique_ptr<archive_entry, FreeArchive> it(archive_entry_new());
    archive_entry_set_pathname(it.get(), name.c_str());
    archive_entry_set_filetype(it.get(), folder ? AE_IFDIR : AE_IFREG);
    archive_entry_set_perm(it.get(), folder ? 0777 : 0666);
    archive_entry_set_mtime(it.get(), about.st_mtime, 0);
    if (!folder) archive_entry_set_size(it.get(), about.st_size);
    return archive_write_header(archive_.get(), it.get()) == ARCHIVE_OK ? Result<void>() : failed();
}

Result<void> TarWriter::file(int fd, std::uint64_t bytes) {
    std::vector<char> piece(kPieceBytes);
    for (std::uint64_t left = bytes; left > 0;) {
        const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(left, piece.size()));
        const auto got = ::read(fd, piece.data(), wanted);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return disk_error("read a file");
        if (got == 0) return Error{Code::Conflict, "a file became shorter meanwhile", true};
        if (archive_write_data(archive_.get(), piece.data(), static_cast<std::size_t>(got)) !=
            got) {
            return failed();
        }
        left -= static_cast<std::uint64_t>(got);
    }
    return {};
}

Result<void> TarWriter::member(int folder, const std::string& file_name, const std::string& name,
                               int depth) {
    // Not blocking: it might be a pipe.
    const Fd fd(
        ::openat(folder, file_name.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
    struct stat about {};
    if (!fd.good() || ::fstat(fd.get(), &about) != 0) {
        return errno == ELOOP ? Result<void>() : disk_error("open " + name);
    }
    if (S_ISDIR(about.st_mode)) return this->folder(fd.get(), name, depth + 1);
    if (!S_ISREG(about.st_mode)) return {};
    if (const auto put = entry(name, about); !put.ok()) return put;
    return file(fd.get(), static_cast<std::uint64_t>(about.st_size));
}

Result<void> TarWriter::folder(int fd, const std::string& name, int depth) {
    if (depth > kDepth) return Error{Code::TooLarge, "folders lie too deep in each other", true};
    struct stat about {};
    if (::fstat(fd, &about) != 0) return disk_error("look at a folder");
    if (const auto put = entry(name, about); !put.ok()) return put;
    const auto names = names_in(fd);
    if (!names.ok()) return names.error();
    for (const std::string& each : *names) {
        if (each == "." || each == "..") continue;
        const auto put = member(fd, each, name + "/" + each, depth);
        if (!put.ok()) return put;
    }
    return {};
}

}  // namespace

Result<void> write_tar(int folder, const std::string& name, TempFile& into) {
    TarWriter writer(into.fd());
    if (const auto put = writer.folder(folder, name, 0); !put.ok()) return put;
    return writer.finish();
}

}  // namespace waypost::nncp
