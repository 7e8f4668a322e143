// SPDX-License-Identifier: Apache-2.0
#include "bridges/nncp/toss/content.h"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "bridges/nncp/spool/push.h"

namespace waypost::nncp {

namespace {

constexpr std::size_t kInMemory = 64 * 1024;

std::span<const std::uint8_t> bytes_of(const std::string& text) {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

}  // namespace

Result<void> Content::write(std::span<const std::uint8_t> bytes) {
    if (bytes.size() > most_ - bytes_) {
        return Error{Code::TooLarge, "more than " + std::to_string(most_) + " bytes", false};
    }
    bytes_ += bytes.size();
    if (!file_ && bytes_ <= kInMemory) {
        memory_.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
        return {};
    }
    if (!file_) {
        auto made = TempFile::make(folder_);
        if (!made.ok()) return made.error();
        file_ = std::move(*made);
        const auto moved = write_all(file_->fd(), bytes_of(memory_));
        memory_ = {};
        if (!moved.ok()) return moved;
    }
    const auto put = write_all(file_->fd(), bytes);
    push_to_disk(file_->fd(), bytes_ - bytes.size(), bytes_);
    return put;
}

std::optional<std::string_view> Content::text() const {
    return file_ ? std::nullopt : std::optional<std::string_view>(memory_);
}

std::unique_ptr<Source> Content::source() const {
    if (file_) return std::make_unique<FilePart>(file_->fd(), 0, bytes_);
    return std::make_unique<MemorySource>(memory_);
}

Result<int> Content::descriptor() {
    if (!file_ && !shown_.good()) {
        shown_ = Fd(::memfd_create("packet", MFD_CLOEXEC));
        if (!shown_.good()) return disk_error("hold a packet in memory");
        const auto put = write_all(shown_.get(), bytes_of(memory_));
        if (!put.ok()) return put.error();
    }
    const int fd = file_ ? file_->fd() : shown_.get();
    if (::lseek(fd, 0, SEEK_SET) != 0) return disk_error("read a packet again");
    return fd;
}

std::optional<TempFile> Content::take_file() {
    auto taken = std::move(file_);
    file_.reset();
    return taken;
}

Result<std::size_t> FilePart::read(std::span<std::uint8_t> into) {
    const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(into.size(), left_));
    std::size_t filled = 0;
    while (filled < wanted) {
        const auto got =
            ::pread(fd_, into.data() + filled, wanted - filled, static_cast<off_t>(at_));
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return disk_error("read a file");
        if (got == 0) break;
        filled += static_cast<std::size_t>(got);
        at_ += static_cast<std::uint64_t>(got);
    }
    left_ -= filled;
    return filled;
}

}  // namespace waypost::nncp
