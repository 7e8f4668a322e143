// SPDX-License-Identifier: Apache-2.0
// From the spool into the directory.
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>

#include "bridges/nncp/carrier/checked_read.h"
#include "bridges/nncp/carrier/xfer_run.h"
#include "bridges/nncp/spool/files.h"

namespace waypost::nncp {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kWorking = "nncpxfer";
constexpr std::size_t kBatchPackets = 512;
constexpr std::uint64_t kBatchBytes = 64 * 1024 * 1024;
constexpr std::size_t kFew = 4;

Result<void> sync_files(const fs::path& folder, const std::vector<fs::path>& files) {
    const auto fd = open_folder(folder);
    if (!fd.ok()) return fd.error();
    // Not every file system knows syncfs.
    if (files.size() > kFew && ::syncfs(fd->get()) == 0) return {};
    for (const fs::path& file : files) {
        if (const auto done = sync_file(file); !done.ok()) return done;
    }
    return {};
}

// How many bytes at the start of both files are the same. Leaves both there.
Result<std::uint64_t> same_bytes(int source, int copy) {
    std::vector<std::uint8_t> ours(kPieceBytes), theirs(kPieceBytes);
    std::uint64_t same = 0;
    FileSource a(source), b(copy);
    while (true) {
        const auto left = a.read(ours);
        const auto right = b.read(theirs);
        if (!left.ok() || !right.ok() || *left == 0 || *right == 0) break;
        const auto most = std::min(*left, *right);
        const auto end = ours.begin() + static_cast<std::ptrdiff_t>(most);
        const auto at = std::mismatch(ours.begin(), end, theirs.begin()).first - ours.begin();
        same += static_cast<std::uint64_t>(at);
        if (static_cast<std::size_t>(at) < kPieceBytes) break;
    }
    const auto end = static_cast<off_t>(same);
    if (::ftruncate(copy, end) != 0 || ::lseek(copy, end, SEEK_SET) < 0 ||
        ::lseek(source, 0, SEEK_SET) < 0)
        return disk_error("go on with a copy");
    return same;
}

}  // namespace

void XferRun::plan_transmitting() {
    for (const auto& [name, node] : config_.nodes) {
        if (node.id == own_ || !options_.wants(node.id)) continue;
        const auto packets = spool_.list(node.id, Way::Tx, options_.limit);
        if (!packets.ok()) continue;
        const fs::path folder = directory_ / to_base32(node.id) / to_base32(own_);
        for (const SpoolPacket& packet : *packets) {
            if (options_.skip && options_.skip(packet)) continue;
            outgoing_[node.id].push_back({packet, folder / to_base32(packet.name)});
            progress_.all_bytes += packet.bytes;
            ++progress_.all_packets;
        }
    }
}

fs::path XferRun::working_file(const Work& work) const {
    const std::string name = work.outside.filename().string();
    return work.outside.parent_path() / (std::string(kWorking) + name);
}

void XferRun::transmit_all() {
    for (auto& [node, works] : outgoing_) {
        if (!step(0)) return;
        const auto lock = spool_.lock(node, SpoolLock::Kind::Tx);
        const fs::path folder = works.front().outside.parent_path();
        std::error_code none;
        Result<void> ready;
        if (!lock.ok()) {
            ready = lock.error();
        } else if (!options_.make_folders && !fs::is_directory(folder.parent_path(), none)) {
            ready = Error{Code::NotFound,
                          "there is no folder " + folder.parent_path().string() +
                              ": make it, or let it be made with --mkdir",
                          true};
        } else {
            ready = make_folder(folder, options_.sync);
        }
        if (!ready.ok()) {
            for (const Work& work : works) failed(work, ready.error());
            continue;
        }
        drop_leftovers(folder, works);
        transmit_each(works);
    }
}

// What earlier runs left half written of packets that are no longer ours to send.
void XferRun::drop_leftovers(const fs::path& folder, const std::vector<Work>& works) {
    for (const auto& entry : entries_of(folder)) {
        const std::string name = entry.path().filename().string();
        if (!name.starts_with(kWorking)) continue;
        const bool wanted = std::any_of(works.begin(), works.end(), [&](const Work& each) {
            return working_file(each).filename() == name;
        });
        if (!wanted) (void)::unlink(entry.path().c_str());
    }
}

void XferRun::transmit_each(const std::vector<Work>& works) {
    std::vector<Work> copied;
    std::uint64_t bytes = 0;
    for (const Work& work : works) {
        if (report_.stopped) break;
        if (!prepare(work)) continue;
        if (const auto done = copy_out(work); !done.ok()) {
            // A copy that was interrupted is gone on with; one that found no room gives it back.
            if (done.error().code == Code::Full) (void)::unlink(working_file(work).c_str());
            if (done.error().code == Code::BadInput)
                tell(work, Transfer::Outcome::Damaged, done.error().text);
            else
                failed(work, done.error());
            continue;
        }
        copied.push_back(work);
        bytes += work.packet.bytes;
        if (copied.size() < kBatchPackets && bytes < kBatchBytes) continue;
        settle(copied);
        bytes = 0;
    }
    settle(copied);
}

// Whether the packet lies there already: durable as what we write, before ours may be deleted. Who
// wrote it may not have waited for the medium.
Result<bool> XferRun::lies_there(const Work& work) const {
    if (!file_size(AT_FDCWD, work.outside).ok()) return false;
    const fs::path folder = work.outside.parent_path();
    if (options_.sync) {
        if (const auto done = sync_files(folder, {work.outside}); !done.ok()) return done.error();
    }
    const auto there = hash_on_disk(work.outside);
    if (!there.ok() || *there != work.packet.name) {
        (void)::unlink(work.outside.c_str());
        return false;
    }
    if (options_.sync) {
        if (const auto done = sync_folder(folder); !done.ok()) return done.error();
    }
    return true;
}

// False: there is nothing to copy, which was told.
bool XferRun::prepare(const Work& work) {
    const auto known = lies_there(work);
    if (!known.ok()) {
        failed(work, known.error());
        return false;
    }
    if (*known) {
        step(work.packet.bytes);
        tell(work, Transfer::Outcome::Known, "it lies there already");
        if (!options_.keep) (void)spool_.remove(work.packet);
        return false;
    }
    const auto room = free_space(directory_);
    const auto there = file_size(AT_FDCWD, working_file(work));
    const std::uint64_t wanted = work.packet.bytes + options_.keep_free;
    if (!room.ok() || *room + (there.ok() ? *there : 0) < wanted) {
        failed(work, room.ok() ? Error{Code::Full, "no room for it in the directory", true}
                               : room.error());
        return false;
    }
    return true;
}

Result<void> XferRun::copy_out(const Work& work) {
    const auto from = open_packet(spool_.path(work.packet));
    if (!from.ok()) return from.error();
    const fs::path file = working_file(work);
    const Fd into(::open(file.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0666));
    if (!into.good()) return disk_error("write " + file.string());
    auto skip = same_bytes(from->get(), into.get());
    if (!skip.ok()) return skip.error();
    const auto hash = read_pieces(from->get(), [&](auto bytes) -> Result<void> {
        const auto skipped = std::min<std::uint64_t>(*skip, bytes.size());
        *skip -= skipped;
        const auto written =
            write_all(into.get(), bytes.subspan(static_cast<std::size_t>(skipped)));
        if (!written.ok()) return written;
        return step(bytes.size()) ? Result<void>() : stopped();
    });
    if (!hash.ok()) return hash.error();
    if (*hash == work.packet.name) return {};
    (void)::unlink(file.c_str());
    return bad_input("its content in the spool is not what its name says");
}

// Durable first, then read again, then named, and only then is ours deleted.
void XferRun::settle(std::vector<Work>& copied) {
    if (copied.empty()) return;
    const fs::path folder = copied.front().outside.parent_path();
    std::vector<fs::path> files;
    for (const Work& work : copied) files.push_back(working_file(work));
    Result<void> synced;
    if (options_.sync) synced = sync_files(folder, files);
    std::vector<Work> named;
    for (const Work& work : copied) {
        const auto done = synced.ok() ? settle_one(work) : synced;
        if (done.ok())
            named.push_back(work);
        else
            failed(work, done.error());
    }
    if (options_.sync && synced.ok()) synced = sync_folder(folder);
    std::vector<SpoolPacket> proven;
    for (const Work& work : named) {
        if (!synced.ok()) {
            failed(work, synced.error());
            continue;
        }
        tell(work, Transfer::Outcome::Moved);
        proven.push_back(work.packet);
    }
    if (!options_.keep) (void)spool_.remove(proven);
    copied.clear();
}

Result<void> XferRun::settle_one(const Work& work) {
    const fs::path file = working_file(work);
    const auto hash = hash_on_disk(file);
    if (!hash.ok()) return hash.error();
    if (*hash != work.packet.name) {
        (void)::unlink(file.c_str());
        return Error{Code::Internal, "what was written reads back different: the medium is bad",
                     true};
    }
    if (::rename(file.c_str(), work.outside.c_str()) != 0)
        return disk_error("name " + work.outside.string());
    return {};
}

}  // namespace waypost::nncp
