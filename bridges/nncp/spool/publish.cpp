// SPDX-License-Identifier: Apache-2.0
// From tmp/ to where the others look for packets.
#include <fcntl.h>
#include <unistd.h>

#include <cstdio>
#include <map>

#include "bridges/nncp/spool/header_file.h"
#include "bridges/nncp/spool/new_packet.h"

namespace waypost::nncp {
namespace {

namespace fs = std::filesystem;

// So many are waited for one by one. More of them cost less as one wait for the file system, which
// in the worst case writes what others have not written yet as well.
constexpr std::size_t kFew = 4;

using Folders = std::map<std::pair<NodeId, Way>, Fd>;

Result<void> sync_file_system(const fs::path& folder) {
    const auto fd = open_folder(folder);
    if (!fd.ok()) return fd.error();
    if (::syncfs(fd->get()) != 0) return disk_error("sync " + folder.string());
    return {};
}

Result<const Fd*> folder_of(Folders& open, const fs::path& path, const NodeId& node, Way way,
                            bool sync) {
    auto& fd = open[{node, way}];
    if (fd.good()) return &fd;
    if (const auto made = make_folder(path, sync); !made.ok()) return made.error();
    auto opened = open_folder(path);
    if (!opened.ok()) return opened.error();
    fd = std::move(opened).value();
    return &fd;
}

}  // namespace

Result<std::unique_ptr<NewPacket>> Spool::begin() const {
    return std::unique_ptr<NewPacket>(
        new NewPacket(std::make_unique<NewPacket::State>(directory_ / "tmp")));
}

Result<std::vector<Mth>> Spool::publish(std::vector<Finished> finished) const {
    std::vector<Mth> names;
    std::vector<Finished> fresh;
    for (Finished& each : finished) {
        const auto name = each.packet->complete();
        if (!name.ok()) return name.error();
        names.push_back(*name);
        if (each.way != Way::Rx || !arrived(each.node, *name)) fresh.push_back(std::move(each));
    }
    if (const auto placed = place(fresh); !placed.ok()) return placed.error();
    return names;
}

Result<void> Spool::place(std::vector<Finished>& finished) const {
    Folders folders;
    for (const Finished& each : finished) {
        const auto& state = *each.packet->state_;
        const auto fd =
            folder_of(folders, folder(each.node, each.way), each.node, each.way, options_.sync);
        if (!fd.ok()) return fd.error();
        if (options_.headers && state.header.size() == kPacketHeaderBytes) {
            const auto written = write_header((*fd)->get(), to_base32(*state.name), state.header);
            if (!written.ok()) return written;
        }
    }
    if (options_.sync && finished.size() > kFew) {
        if (const auto done = sync_file_system(directory_); !done.ok()) return done;
    }
    for (const Finished& each : finished) {
        auto& state = *each.packet->state_;
        const fs::path from = state.tmp / state.file;
        if (options_.sync && finished.size() <= kFew) {
            if (const auto done = sync_file(from); !done.ok()) return done;
        }
        const std::string name = to_base32(*state.name);
        const int into = folders[{each.node, each.way}].get();
        if (::renameat(AT_FDCWD, from.c_str(), into, name.c_str()) != 0)
            return disk_error("name the packet " + name);
        state.file.clear();
    }
    for (const auto& [key, fd] : folders)
        if (options_.sync && ::fsync(fd.get()) != 0)
            return disk_error("sync a folder of the spool");
    return {};
}

}  // namespace waypost::nncp
