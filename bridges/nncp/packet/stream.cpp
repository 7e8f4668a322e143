// SPDX-License-Identifier: Apache-2.0
#include "bridges/nncp/packet/stream.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>

namespace waypost::nncp {

namespace {

constexpr std::size_t kPieceBytes = 128 * 1024;

}  // namespace

Result<void> copy_all(Source& source, Sink& sink) {
    const auto piece = std::make_unique_for_overwrite<std::uint8_t[]>(kPieceBytes);
    for (;;) {
        const auto got = source.read({piece.get(), kPieceBytes});
        if (!got.ok()) return got.error();
        const auto written = sink.write({piece.get(), *got});
        if (!written.ok() || *got < kPieceBytes) return written;
    }
}

Result<std::string> read_start(Source& source, std::size_t most) {
    std::string bytes(most, '\0');
    const auto got = source.read({reinterpret_cast<std::uint8_t*>(bytes.data()), most});
    if (!got.ok()) return got.error();
    bytes.resize(*got);
    return bytes;
}

Result<std::size_t> MemorySource::read(std::span<std::uint8_t> into) {
    const std::size_t taken = std::min(into.size(), bytes_.size());
    if (taken > 0) std::memcpy(into.data(), bytes_.data(), taken);
    bytes_.remove_prefix(taken);
    return taken;
}

Result<void> MemorySink::write(std::span<const std::uint8_t> bytes) {
    if (bytes.size() > most_ - bytes_.size()) {
        return Error{Code::TooLarge, "more than " + std::to_string(most_) + " bytes", false};
    }
    bytes_.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    return {};
}

Result<std::size_t> FileSource::read(std::span<std::uint8_t> into) {
    std::size_t filled = 0;
    while (filled < into.size()) {
        const auto got = ::read(fd_, into.data() + filled, into.size() - filled);
        if (got == 0) break;
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) {
            return Error{Code::Internal, std::string("reading: ") + std::strerror(errno), true};
        }
        filled += static_cast<std::size_t>(got);
    }
    return filled;
}

Result<void> FileSink::write(std::span<const std::uint8_t> bytes) {
    while (!bytes.empty()) {
        const auto put = ::write(fd_, bytes.data(), bytes.size());
        if (put < 0 && errno == EINTR) continue;
        if (put < 0) {
            const bool full = errno == ENOSPC || errno == EDQUOT;
            return Error{full ? Code::Full : Code::Internal,
                         std::string("writing: ") + std::strerror(errno), true};
        }
        bytes = bytes.subspan(static_cast<std::size_t>(put));
    }
    return {};
}

}  // namespace waypost::nncp
