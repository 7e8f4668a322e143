// SPDX-License-Identifier: Apache-2.0
#include "bridges/nncp/link_arrivals.h"

#include <fcntl.h>
#include <unistd.h>

#include <cstdio>
#include <map>

#include "bridges/nncp/spool/files.h"
#include "gateway/base/log.h"

namespace waypost::nncp {
namespace {

namespace fs = std::filesystem;

constexpr char kRows[] = "came/";
constexpr std::int64_t kDay = 86400;

std::string row_of(const NodeId& node, const Mth& name) {
    return kRows + to_base32(node) + '/' + to_base32(name);
}

Result<void> write_new(const fs::path& file, std::string_view bytes) {
    constexpr int kFlags = O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC;
    const Fd fd(::open(file.c_str(), kFlags, 0666));
    if (!fd.good()) return disk_error("write " + file.string());
    const auto written =
        write_all(fd.get(), {reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
    if (!written.ok()) return written;
    if (::fsync(fd.get()) != 0) return disk_error("sync " + file.string());
    return {};
}

Result<void> rename_to(const fs::path& from, const fs::path& to) {
    if (::rename(from.c_str(), to.c_str()) != 0) return disk_error("name " + to.string());
    return sync_folder(to.parent_path());
}

}  // namespace

LinkArrivals::LinkArrivals(const Spool& spool, TransportState& state, const Clock& clock)
    : spool_(spool), state_(state), clock_(clock) {}

fs::path LinkArrivals::folder(const NodeId& node) const {
    return spool_.directory() / "waypost" / "links" / to_base32(node);
}

std::int64_t LinkArrivals::now() const { return to_ms(clock_.box()) / 1000; }

void LinkArrivals::recover() {
    for (const auto& of_node : entries_of(spool_.directory() / "waypost" / "links")) {
        const auto node = hash_from_base32(of_node.path().filename().string());
        if (!node.ok()) continue;
        for (const auto& file : entries_of(of_node.path())) {
            const auto name = hash_from_base32(file.path().filename().string());
            if (name.ok() && state_.get(row_of(*node, *name)))
                (void)hand_on(*node, *name);  // else when it comes again
            else
                (void)::unlink(file.path().c_str());
        }
    }
}

bool LinkArrivals::known(const NodeId& node, const Mth& name) const {
    return state_.get(row_of(node, name)) || spool_.arrived(node, name);
}

Result<void> LinkArrivals::keep(const NodeId& node, const Mth& name, std::string_view packet) {
    const auto room = spool_.free_bytes();
    if (!room.ok()) return room.error();
    if (*room < packet.size()) return Error{Code::Full, "no room for it in the spool", true};
    if (const auto made = make_folder(folder(node), true); !made.ok()) return made;
    const fs::path part = folder(node) / working_name();
    auto kept = write_new(part, packet);
    if (kept.ok()) kept = rename_to(part, folder(node) / to_base32(name));
    if (!kept.ok()) {
        (void)::unlink(part.c_str());
        return kept;
    }
    state_.put(row_of(node, name), std::to_string(now()));
    return {};
}

// The name in rx/ is the step: with it the file is no longer here.
Result<void> LinkArrivals::hand_on(const NodeId& node, const Mth& name) {
    const std::string letters = to_base32(name);
    const fs::path file = folder(node) / letters;
    if (!file_size(AT_FDCWD, file).ok()) return {};
    const fs::path rx = spool_.folder(node, Way::Rx);
    if (const auto made = make_folder(rx, true); !made.ok()) return made;
    return rename_to(file, rx / letters);
}

void LinkArrivals::tidy(std::chrono::seconds age) {
    if (tidied_ && now() - *tidied_ < kDay) return;
    tidied_ = now();
    std::map<std::string, std::string> rows;
    try {
        rows = state_.with_prefix(kRows);
    } catch (const std::exception& unread) {
        log(Level::Warning, "nncp", "link", {{"why", unread.what()}});
    }
    for (const auto& [key, at] : rows) {
        const auto since = number_of(at);
        if (!since || now() - *since > age.count()) state_.erase(key);
    }
}

}  // namespace waypost::nncp
