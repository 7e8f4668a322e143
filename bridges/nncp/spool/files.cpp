// SPDX-License-Identifier: Apache-2.0
#include "bridges/nncp/spool/files.h"

#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <thread>

namespace waypost::nncp {

Error disk_error(const std::string& what) {
    const int why = errno;
    const Code code = why == ENOSPC || why == EDQUOT ? Code::Full
                      : why == ENOENT                ? Code::NotFound
                                                     : Code::Internal;
    return {code, "cannot " + what + ": " + std::strerror(why), true};
}

Result<void> write_all(int fd, std::span<const std::uint8_t> bytes) {
    while (!bytes.empty()) {
        const ssize_t put = ::write(fd, bytes.data(), bytes.size());
        if (put < 0 && errno != EINTR) return disk_error("write a packet");
        if (put > 0) bytes = bytes.subspan(static_cast<std::size_t>(put));
    }
    return {};
}

Result<Fd> open_folder(const std::filesystem::path& folder) {
    Fd fd(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!fd.good()) return disk_error("open the folder " + folder.string());
    return fd;
}

Result<void> sync_folder(const std::filesystem::path& folder) {
    const auto fd = open_folder(folder);
    if (!fd.ok()) return fd.error();
    if (::fsync(fd->get()) != 0) return disk_error("sync the folder " + folder.string());
    return {};
}

Result<void> sync_file(const std::filesystem::path& file) {
    const Fd fd(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
    if (!fd.good() || ::fsync(fd.get()) != 0) return disk_error("sync " + file.string());
    return {};
}

Result<void> make_folder(const std::filesystem::path& folder, bool sync) {
    if (::mkdir(folder.c_str(), 0777) != 0) {
        if (errno == EEXIST) return {};
        if (errno != ENOENT || !folder.has_relative_path())
            return disk_error("make the folder " + folder.string());
        if (const auto above = make_folder(folder.parent_path(), sync); !above.ok()) return above;
        if (::mkdir(folder.c_str(), 0777) != 0 && errno != EEXIST)
            return disk_error("make the folder " + folder.string());
    }
    return sync ? sync_folder(folder.parent_path()) : Result<void>();
}

std::vector<std::filesystem::directory_entry> entries_of(const std::filesystem::path& folder,
                                                         std::error_code* failed) {
    std::vector<std::filesystem::directory_entry> found;
    std::error_code why;
    std::filesystem::directory_iterator entry(folder, why), end;
    for (; !why && entry != end; entry.increment(why)) found.push_back(*entry);
    const bool none = why == std::errc::no_such_file_or_directory ||
                      why == std::errc::not_a_directory || why == std::errc::permission_denied;
    if (failed != nullptr) *failed = none ? std::error_code() : why;
    return found;
}

Error unread(const std::filesystem::path& folder, const std::error_code& why) {
    return {Code::Internal, "cannot read the folder " + folder.string() + ": " + why.message(),
            true};
}

std::optional<std::int64_t> number_of(std::string_view name) {
    std::int64_t number = 0;
    const char* end = name.data() + name.size();
    const auto read = std::from_chars(name.data(), end, number);
    return read.ec == std::errc() && read.ptr == end ? std::optional(number) : std::nullopt;
}

Result<std::uint64_t> file_size(int folder, const std::string& name) {
    struct stat info {};
    if (::fstatat(folder, name.c_str(), &info, AT_SYMLINK_NOFOLLOW) != 0)
        return disk_error("look at " + name);
    if (!S_ISREG(info.st_mode)) return Error{Code::NotFound, name + " is no file", false};
    return static_cast<std::uint64_t>(info.st_size);
}

Result<std::uint64_t> free_space(const std::filesystem::path& folder) {
    struct statvfs info {};
    if (::statvfs(folder.c_str(), &info) != 0)
        return disk_error("ask for the space on " + folder.string());
    return static_cast<std::uint64_t>(info.f_bavail) * info.f_frsize;
}

std::string working_name() {
    std::array<unsigned char, 8> chance{};
    randombytes_buf(chance.data(), chance.size());
    std::array<char, 17> hex{};
    sodium_bin2hex(hex.data(), hex.size(), chance.data(), chance.size());
    return std::string("nncp") + hex.data();
}

void run_together(std::size_t count, const std::function<void(std::size_t)>& work) {
    constexpr std::size_t kTogether = 8;
    std::atomic<std::size_t> next{0};
    const auto run = [&] {
        for (std::size_t i = next++; i < count; i = next++) work(i);
    };
    std::vector<std::jthread> others;
    for (std::size_t i = kTogether; i <= count && others.size() + 1 < kTogether; ++i)
        others.emplace_back(run);
    run();
}

void remove_files(const std::vector<std::filesystem::path>& files) {
    run_together(files.size(), [&](std::size_t i) { (void)::unlink(files[i].c_str()); });
}

}  // namespace waypost::nncp
