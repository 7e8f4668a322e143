// SPDX-License-Identifier: Apache-2.0
#include "bridges/nncp/spool/spool.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <tuple>

#include "bridges/nncp/node/node_config.h"
#include "bridges/nncp/spool/header_file.h"

namespace waypost::nncp {
namespace {

namespace fs = std::filesystem;

struct CloseDir {
    void operator()(DIR* dir) const { ::closedir(dir); }
};
using Dir = std::unique_ptr<DIR, CloseDir>;

// Names in it that are a hash in base32; empty where there is no folder.
Result<std::vector<Hash32>> hashes_in(const fs::path& folder) {
    std::vector<Hash32> found;
    const Dir dir(::opendir(folder.c_str()));
    if (!dir && errno != ENOENT) return disk_error("open " + folder.string());
    if (!dir) return found;
    while (const dirent* entry = ::readdir(dir.get())) {
        const std::string_view name = entry->d_name;
        if (name.size() != kNameLetters) continue;
        if (const auto hash = hash_from_base32(name); hash.ok()) found.push_back(*hash);
    }
    return found;
}

const char* file_of(SpoolLock::Kind kind) {
    switch (kind) {
        case SpoolLock::Kind::Rx:
            return "rx.lock";
        case SpoolLock::Kind::Tx:
            return "tx.lock";
        case SpoolLock::Kind::Toss:
            break;
    }
    return "toss.lock";
}

}  // namespace

Result<Spool> Spool::open(const fs::path& directory, bool sync) {
    SpoolOptions options;
    options.sync = sync;
    return open(directory, options);
}

Result<Spool> Spool::open(const fs::path& directory, const SpoolOptions& options) {
    const auto made = make_folder(directory / "tmp", false);
    if (!made.ok()) return made.error();
    return Spool(directory, options);
}

Result<Spool> Spool::open(const NodeConfig& config) {
    SpoolOptions options;
    options.sync = std::getenv("NNCPNOSYNC") == nullptr;
    options.headers = !config.no_headers;
    return open(config.spool, options);
}

fs::path Spool::of_node(const NodeId& node) const { return directory_ / to_base32(node); }

fs::path Spool::folder(const NodeId& node, Way way) const {
    return of_node(node) / (way == Way::Rx ? "rx" : "tx");
}

fs::path Spool::path(const SpoolPacket& packet) const {
    return folder(packet.node, packet.way) / to_base32(packet.name);
}

Result<std::vector<SpoolPacket>> Spool::list(const NodeId& node, Way way, Nice limit) const {
    std::vector<SpoolPacket> packets;
    const fs::path where = folder(node, way);
    const auto names = hashes_in(where);
    if (!names.ok()) return names.error();
    if (names->empty()) return packets;
    const auto fd = open_folder(where);
    if (!fd.ok()) return fd.error();
    for (const Mth& name : *names) {
        const std::string letters = to_base32(name);
        const auto bytes = file_size(fd->get(), letters);
        if (!bytes.ok()) continue;  // gone meanwhile, or no file
        SpoolPacket packet{node, way, name, *bytes, 255};
        if (const auto header = header_in(fd->get(), letters); header.ok())
            packet.nice = header->nice;
        if (packet.nice <= limit) packets.push_back(packet);
    }
    std::sort(packets.begin(), packets.end(), [](const SpoolPacket& a, const SpoolPacket& b) {
        return std::tie(a.nice, a.name) < std::tie(b.nice, b.name);
    });
    return packets;
}

Result<SpoolPacket> Spool::find(const NodeId& node, Way way, const Mth& name) const {
    const auto fd = open_folder(folder(node, way));
    if (!fd.ok()) return fd.error();
    const std::string letters = to_base32(name);
    const auto bytes = file_size(fd->get(), letters);
    if (!bytes.ok()) return bytes.error();
    const auto header = header_in(fd->get(), letters);
    return SpoolPacket{node, way, name, *bytes, header.ok() ? header->nice : Nice{255}};
}

Result<std::vector<NodeId>> Spool::nodes() const {
    std::vector<NodeId> found;
    const auto names = hashes_in(directory_);
    if (!names.ok()) return names.error();
    for (const NodeId& id : *names) {
        struct stat info {};
        if (::lstat(of_node(id).c_str(), &info) == 0 && S_ISDIR(info.st_mode)) found.push_back(id);
    }
    std::sort(found.begin(), found.end());
    return found;
}

Result<SpoolLock> Spool::lock(const NodeId& node, SpoolLock::Kind kind) const {
    const fs::path home = of_node(node);
    if (const auto made = make_folder(home, options_.sync); !made.ok()) return made.error();
    const fs::path file = home / file_of(kind);
    Fd fd(::open(file.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0666));
    if (!fd.good()) return disk_error("open " + file.string());
    if (::flock(fd.get(), LOCK_EX | LOCK_NB) != 0) {
        if (errno == EWOULDBLOCK)
            return Error{Code::Busy, "another program works there now (" + file.string() + ")",
                         true};
        return disk_error("lock " + file.string());
    }
    return SpoolLock(std::move(fd));
}

Result<std::uint64_t> Spool::free_bytes() const {
    const auto left = free_space(directory_);
    if (!left.ok()) return left;
    return *left > options_.keep_free ? *left - options_.keep_free : 0;
}

Result<void> Spool::remove(const SpoolPacket& packet) const {
    const fs::path where = folder(packet.node, packet.way);
    const std::string name = to_base32(packet.name);
    if (::unlink((where / name).c_str()) != 0 && errno != ENOENT)
        return disk_error("remove " + (where / name).string());
    (void)::unlink((where / "hdr" / name).c_str());
    return {};
}

Result<std::size_t> Spool::sweep(std::chrono::seconds age) const {
    std::size_t removed = 0;
    const fs::path where = directory_ / "tmp";
    const Dir dir(::opendir(where.c_str()));
    if (!dir) return disk_error("open " + where.string());
    const auto now = ::time(nullptr);
    while (const dirent* entry = ::readdir(dir.get())) {
        struct stat info {};
        if (!std::string_view(entry->d_name).starts_with("nncp")) continue;
        if (::fstatat(::dirfd(dir.get()), entry->d_name, &info, AT_SYMLINK_NOFOLLOW) != 0) continue;
        if (!S_ISREG(info.st_mode) || now - info.st_mtime < age.count()) continue;
        if (::unlinkat(::dirfd(dir.get()), entry->d_name, 0) == 0) ++removed;
    }
    return removed;
}

}  // namespace waypost::nncp
