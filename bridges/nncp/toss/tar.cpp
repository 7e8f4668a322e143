// SPDX-License-Identifier: Apache-2.0
#include "bridges/nncp/toss/tar.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <memory>
#include <vector>

#include "bridges/nncp/packet/tar_block.h"

namespace waypost::nncp {

namespace {

constexpr int kDepth = 64;
constexpr std::size_t kPieceBytes = 64 * 1024;

struct CloseFolder {
    void operator()(DIR* it) const { ::closedir(it); }
};

class TarWriter {
  public:
    explicit TarWriter(int fd) : fd_(fd) {}
    Result<void> folder(int fd, const std::string& name, int depth);
    Result<void> finish() { return put(std::string(2 * kTarBlock, '\0')); }

  private:
    Result<void> put(std::string_view bytes) {
        return write_all(fd_, {reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
    }
    Result<void> entry(const std::string& name, const struct stat& about);
    Result<void> file(int fd, std::uint64_t bytes);
    Result<void> member(int folder, const std::string& file_name, const std::string& name,
                        int depth);
    const int fd_;
};

Result<std::vector<std::string>> names_in(int folder) {
    const int again = ::openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const std::unique_ptr<DIR, CloseFolder> open(again < 0 ? nullptr : ::fdopendir(again));
    if (!open) return disk_error("read a folder");
    std::vector<std::string> names;
    while (const dirent* each = ::readdir(open.get())) names.emplace_back(each->d_name);
    std::sort(names.begin(), names.end());
    return names;
}

Result<void> TarWriter::entry(const std::string& name, const struct stat& about) {
    const bool folder = S_ISDIR(about.st_mode);
    TarEntry entry{folder ? name + '/' : name, 0, folder ? '5' : '0', folder ? 0777u : 0666u};
    if (!folder) entry.bytes = static_cast<std::uint64_t>(about.st_size);
    entry.time = static_cast<std::uint64_t>(std::max<std::int64_t>(about.st_mtime, 0));
    return put(encode_any(std::move(entry)));
}

Result<void> TarWriter::file(int fd, std::uint64_t bytes) {
    std::string piece(kPieceBytes, '\0');
    for (std::uint64_t left = bytes; left > 0;) {
        const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(left, piece.size()));
        const auto got = ::read(fd, piece.data(), wanted);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return disk_error("read a file");
        if (got == 0) return Error{Code::Conflict, "a file became shorter meanwhile", true};
        const auto read = static_cast<std::size_t>(got);
        if (const auto written = put(std::string_view(piece).substr(0, read)); !written.ok())
            return written;
        left -= read;
    }
    return put(std::string(tar_filler(bytes), '\0'));
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
