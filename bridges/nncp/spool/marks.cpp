// SPDX-License-Identifier: Apache-2.0
// Empty files that say what was seen, and packets that are put aside.
#include <Poco/Exception.h>
#include <Poco/JSON/Object.h>
#include <Poco/JSON/Parser.h>
#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <map>
#include <mutex>
#include <sstream>

#include "bridges/nncp/spool/files.h"
#include "bridges/nncp/spool/spool.h"

namespace waypost::nncp {
namespace {

namespace fs = std::filesystem;

bool is_there(const fs::path& file) { return ::access(file.c_str(), F_OK) == 0; }

struct Note {
    int failures = 0;
    std::string reason;
};

Note read_note(const fs::path& file) {
    Note note;
    std::ifstream in(file);
    if (!in) return note;
    try {
        const auto json = Poco::JSON::Parser().parse(in).extract<Poco::JSON::Object::Ptr>();
        note.failures = json->optValue("failures", 0);
    } catch (const Poco::Exception&) {  // torn by a crash: counts from the start
    }
    return note;
}

Result<void> write_note(const fs::path& file, const Note& note, std::uint64_t bytes) {
    Poco::JSON::Object json(Poco::JSON_PRESERVE_KEY_ORDER);
    json.set("reason", note.reason);
    json.set("failures", note.failures);
    json.set("at", Poco::Int64(std::time(nullptr)));
    json.set("bytes", Poco::UInt64(bytes));
    std::ostringstream text;
    json.stringify(text);
    text << '\n';
    const std::string line = text.str();
    const Fd fd(::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666));
    if (!fd.good()) return disk_error("write " + file.string());
    return write_all(fd.get(), {reinterpret_cast<const std::uint8_t*>(line.data()), line.size()});
}

}  // namespace

Result<void> Spool::mark(const fs::path& folder, const std::vector<std::string>& names,
                         bool wait) const {
    if (const auto made = make_folder(folder, options_.sync); !made.ok()) return made;
    const auto open = open_folder(folder);
    if (!open.ok()) return open.error();
    for (const std::string& name : names) {
        const Fd fd(::openat(open->get(), name.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0666));
        if (!fd.good()) return disk_error("mark " + name + " as seen");
    }
    if (wait && ::fsync(open->get()) != 0) return disk_error("sync " + folder.string());
    return {};
}

bool Spool::seen(const NodeId& node, const Mth& name) const {
    return is_there(folder(node, Way::Rx) / "seen" / to_base32(name));
}

bool Spool::arrived(const NodeId& node, const Mth& name) const {
    return seen(node, name) || file_size(AT_FDCWD, path({node, Way::Rx, name})).ok();
}

Result<void> Spool::mark_seen(const NodeId& node, const Mth& name) const {
    return mark(folder(node, Way::Rx) / "seen", {to_base32(name)}, options_.sync);
}

Result<void> Spool::mark_seen_early(const NodeId& node, const Mth& name) const {
    return mark(folder(node, Way::Rx) / "seen", {to_base32(name)}, false);
}

void Spool::unmark_seen(const NodeId& node, const Mth& name) const {
    (void)::unlink((folder(node, Way::Rx) / "seen" / to_base32(name)).c_str());
}

Result<void> Spool::retire(const std::vector<SpoolPacket>& packets) const {
    std::map<NodeId, std::vector<std::string>> names;
    for (const SpoolPacket& each : packets) names[each.node].push_back(to_base32(each.name));
    for (const auto& [node, list] : names) {
        const auto marked = mark(folder(node, Way::Rx) / "seen", list, options_.sync);
        if (!marked.ok()) return marked;
    }
    return remove(packets);
}

Result<void> Spool::remove(const std::vector<SpoolPacket>& packets) const {
    std::mutex mutex;
    Result<void> all;
    run_together(packets.size(), [&](std::size_t i) {
        const auto removed = remove(packets[i]);
        (void)::unlink(failures(packets[i]).c_str());
        if (removed.ok()) return;
        const std::lock_guard lock(mutex);
        all = removed;
    });
    return all;
}

// Beside the packet, under a name that the tools pass over.
fs::path Spool::failures(const SpoolPacket& packet) const {
    return path(packet).string() + ".failed";
}

Result<int> Spool::note_failure(const SpoolPacket& packet, const std::string& reason) const {
    const fs::path file = failures(packet);
    Note note = read_note(file);
    note.reason = reason;
    ++note.failures;
    if (const auto written = write_note(file, note, packet.bytes); !written.ok())
        return written.error();
    return note.failures;
}

Result<void> Spool::quarantine(const SpoolPacket& packet, const std::string& reason) const {
    const fs::path aside = directory_ / "quarantine" / to_base32(packet.node);
    if (const auto made = make_folder(aside, options_.sync); !made.ok()) return made;
    const std::string name = to_base32(packet.name);
    Note note = read_note(failures(packet));
    note.reason = reason;
    const auto written = write_note(aside / (name + ".why"), note, packet.bytes);
    if (!written.ok()) return written;
    if (::rename(path(packet).c_str(), (aside / name).c_str()) != 0)
        return disk_error("put " + name + " aside");
    (void)::unlink(failures(packet).c_str());
    (void)::unlink((folder(packet.node, packet.way) / "hdr" / name).c_str());
    return options_.sync ? sync_folder(aside) : Result<void>();
}

bool Spool::area_seen(const NodeId& node, const AreaId& area, const Mth& message) const {
    return is_there(of_node(node) / "area" / to_base32(area) / to_base32(message));
}

Result<void> Spool::mark_area_seen(const NodeId& node, const AreaId& area,
                                   const Mth& message) const {
    return mark(of_node(node) / "area" / to_base32(area), {to_base32(message)}, options_.sync);
}

}  // namespace waypost::nncp
