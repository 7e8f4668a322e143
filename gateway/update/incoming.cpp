// SPDX-License-Identifier: Apache-2.0
#include "gateway/update/incoming.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "gateway/base/durable_file.h"
#include "gateway/base/free_bytes.h"

namespace waypost {
namespace {

constexpr char kBegun[] = "bundle.new";
constexpr char kWhole[] = "bundle.raucb";

Error failed(const std::string& what) {
    const Code code = errno == ENOSPC || errno == EDQUOT ? Code::Full : Code::Internal;
    return {code, "cannot " + what + ": " + std::strerror(errno), true};
}

}  // namespace

Result<IncomingBundle> IncomingBundle::begin(const std::filesystem::path& folder,
                                             std::uint64_t bytes, std::string from,
                                             std::uint64_t keep_free) {
    clear(folder);
    const std::uint64_t free = free_bytes(folder);
    if (free < keep_free || free - keep_free < bytes)
        return Error{Code::Full, "there is no room for it: delete old backups first", true};
    const std::string file = folder / kBegun;
    Fd fd(::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
    if (!fd.good()) return failed("make " + file);
    return IncomingBundle(folder, std::move(fd), bytes, std::move(from));
}

Result<void> IncomingBundle::add(std::string_view piece) {
    if (piece.size() > bytes_ - there_)
        return Error{Code::TooLarge, "more bytes than were announced", false};
    while (!piece.empty()) {
        const ssize_t wrote =
            ::pwrite(fd_.get(), piece.data(), piece.size(), static_cast<off_t>(there_));
        if (wrote < 0 && errno == EINTR) continue;
        if (wrote < 0) return failed("write the update");
        piece.remove_prefix(static_cast<std::size_t>(wrote));
        there_ += static_cast<std::uint64_t>(wrote);
    }
    return {};
}

Result<void> IncomingBundle::finish() {
    if (!whole()) return Error{Code::Conflict, "it is not whole yet", false};
    if (::fsync(fd_.get()) != 0) return failed("sync the update");
    if (auto noted = write_durably({folder_ / "from", from_ + '\n', 0600, {}}); !noted.ok())
        return noted;
    if (::rename((folder_ / kBegun).c_str(), (folder_ / kWhole).c_str()) != 0)
        return failed("hand over the update");
    return sync_folder(folder_);
}

void IncomingBundle::clear(const std::filesystem::path& folder) {
    ::unlink((folder / kBegun).c_str());
}

}  // namespace waypost
