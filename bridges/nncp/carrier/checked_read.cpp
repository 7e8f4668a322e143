// SPDX-License-Identifier: Apache-2.0
#include "bridges/nncp/carrier/checked_read.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <vector>

#include "bridges/nncp/packet/stream.h"

namespace waypost::nncp {

Result<Fd> open_packet(const std::filesystem::path& file) {
    Fd fd(::open(file.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
    struct stat info {};
    if (!fd.good() || ::fstat(fd.get(), &info) != 0) return disk_error("open " + file.string());
    if (!S_ISREG(info.st_mode)) return Error{Code::Refused, file.string() + " is no file", false};
    return fd;
}

Result<Mth> read_pieces(int fd, const Piece& piece) {
    FileSource source(fd);
    MthHasher hasher;
    std::vector<std::uint8_t> buffer(kPieceBytes);
    while (true) {
        const auto got = source.read(buffer);
        if (!got.ok()) return got.error();
        const auto bytes = std::span(buffer).first(*got);
        hasher.update(bytes);
        if (piece) {
            if (const auto taken = piece(bytes); !taken.ok()) return taken.error();
        }
        if (*got < buffer.size()) return hasher.finish();
    }
}

Result<Mth> hash_on_disk(const std::filesystem::path& file) {
    const auto fd = open_packet(file);
    if (!fd.ok()) return fd.error();
    (void)::posix_fadvise(fd->get(), 0, 0, POSIX_FADV_DONTNEED);
    return read_pieces(fd->get(), nullptr);
}

}  // namespace waypost::nncp
