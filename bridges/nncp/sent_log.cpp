// SPDX-License-Identifier: Apache-2.0
#include "bridges/nncp/sent_log.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <fstream>
#include <sstream>

#include "bridges/nncp/spool/files.h"

namespace waypost::nncp {
namespace {

namespace fs = std::filesystem;

constexpr char kRecord[] = ".sent";
constexpr std::size_t kMostRecordBytes = 1u << 20;
// More records than these cost less as one wait for the file system, as with packets.
constexpr std::size_t kFew = 4;

fs::path new_link(const fs::path& packet) { return packet.string() + ".new"; }

std::string text_of(const SentPacket& packet) {
    std::string text = "inner " + to_base32(packet.inner) + "\nto " + to_base32(packet.to) +
                       "\nfirst " + std::to_string(packet.first) + "\nat " +
                       std::to_string(packet.at) + "\nresent " + std::to_string(packet.resent) +
                       '\n';
    for (const SentCopy& copy : packet.copies)
        text += "copy " + copy.recipient.value + ' ' + copy.wire_id + '\n';
    return text;
}

bool read_hash(const std::string& text, Hash32& out) {
    const auto hash = hash_from_base32(text);
    if (hash.ok()) out = *hash;
    return hash.ok();
}

std::optional<SentPacket> packet_of(const std::string& text) {
    SentPacket packet;
    bool inner = false, to = false;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
        const std::size_t space = line.find(' ');
        if (space == std::string::npos) return std::nullopt;
        const std::string key = line.substr(0, space);
        const std::string value = line.substr(space + 1);
        const char* end = value.data() + value.size();
        if (key == "inner") inner = read_hash(value, packet.inner);
        if (key == "to") to = read_hash(value, packet.to);
        if (key == "first") std::from_chars(value.data(), end, packet.first);
        if (key == "at") std::from_chars(value.data(), end, packet.at);
        if (key == "resent") std::from_chars(value.data(), end, packet.resent);
        if (key != "copy") continue;
        const std::size_t second = value.find(' ');
        const auto recipient = parse_address("mailto:" + value.substr(0, second));
        if (second == std::string::npos || !recipient.ok()) return std::nullopt;
        packet.copies.push_back({value.substr(second + 1), *recipient});
    }
    if (!inner || !to) return std::nullopt;
    return packet;
}

}  // namespace

SentLog::SentLog(const Spool& spool)
    : spool_(spool), folder_(spool.directory() / "waypost" / "sent") {
    for (const auto& node : entries_of(folder_)) {
        const auto hop = hash_from_base32(node.path().filename().string());
        if (!hop.ok()) continue;
        for (const auto& each : entries_of(node.path())) {
            if (each.path().extension() == kRecord) load(each.path(), *hop);
        }
    }
}

void SentLog::load(const fs::path& record, const NodeId& hop) {
    const auto name = hash_from_base32(record.stem().string());
    std::error_code none;
    const auto bytes = fs::file_size(record, none);
    if (none || bytes > kMostRecordBytes) return;
    std::ifstream in(record, std::ios::binary);
    auto packet = packet_of(std::string(std::istreambuf_iterator<char>(in), {}));
    if (!name.ok() || !packet) return;
    packet->name = *name;
    packet->first_hop = hop;
    // Noted, and then a crash before it was published: it never was.
    if (!published(*packet)) {
        fs::remove(record, none);
        return;
    }
    remember(std::move(*packet));
}

bool SentLog::published(const SentPacket& packet) const {
    std::error_code none;
    const bool queued = spool_.find(packet.first_hop, Way::Tx, packet.name).ok();
    if (fs::exists(new_link(file(packet)), none)) return publish_new(packet) || queued;
    return queued || fs::exists(file(packet), none);
}

// Somebody may have it or nobody. What a power cut left of it may not be all of it.
bool SentLog::publish_new(const SentPacket& packet) const {
    const fs::path made = new_link(file(packet));
    const Fd fd(::open(made.c_str(), O_RDONLY | O_CLOEXEC));
    FileSource source(fd.get());
    const auto name = fd.good() ? mth_of(source) : Result<Mth>(disk_error("open a packet"));
    if (!name.ok() || *name != packet.name) {
        (void)::unlink(made.c_str());
        return false;
    }
    const fs::path into = spool_.path({packet.first_hop, Way::Tx, packet.name, 0, 255});
    if (!make_folder(into.parent_path(), spool_.waits_for_disk()).ok()) return false;
    if (::link(made.c_str(), into.c_str()) != 0 && errno != EEXIST) return false;
    (void)::rename(made.c_str(), file(packet).c_str());
    return true;
}

fs::path SentLog::file(const SentPacket& packet) const {
    return folder_ / to_base32(packet.first_hop) / to_base32(packet.name);
}

// The old one or the new one, whatever happens.
Result<void> SentLog::write(const SentPacket& packet) const {
    const fs::path at = file(packet);
    if (const auto made = make_folder(at.parent_path(), spool_.waits_for_disk()); !made.ok())
        return made.error();
    const fs::path fresh = at.parent_path() / working_name();
    {
        const Fd fd(::open(fresh.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
        if (!fd.good()) return disk_error("write " + fresh.string());
        const std::string text = text_of(packet);
        const auto written =
            write_all(fd.get(), {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
        if (!written.ok()) {
            (void)::unlink(fresh.c_str());
            return written;
        }
    }
    if (::rename(fresh.c_str(), (at.string() + kRecord).c_str()) != 0) {
        const Error error = disk_error("name " + at.string() + kRecord);
        (void)::unlink(fresh.c_str());
        return error;
    }
    return {};
}

Result<void> SentLog::note(SentPacket packet, const NewPacket* made) {
    if (const auto written = write(packet); !written.ok()) return written;
    // Where a file system has no links, it goes without.
    if (made != nullptr) (void)made->link(new_link(file(packet)));
    const std::lock_guard lock(mutex_);
    unsynced_.emplace_back(file(packet).string() + kRecord);
    remember(std::move(packet));
    return {};
}

Result<void> SentLog::sync() {
    std::vector<fs::path> records;
    {
        const std::lock_guard lock(mutex_);
        records.swap(unsynced_);
    }
    if (!spool_.waits_for_disk() || records.empty()) return {};
    if (records.size() > kFew) {
        const auto folder = open_folder(folder_);
        if (!folder.ok()) return folder.error();
        return ::syncfs(folder->get()) == 0 ? Result<void>() : disk_error("sync the spool");
    }
    std::set<fs::path> folders;
    for (const fs::path& each : records) {
        if (const auto synced = sync_file(each); !synced.ok()) return synced;
        folders.insert(each.parent_path());
    }
    for (const fs::path& each : folders)
        if (const auto synced = sync_folder(each); !synced.ok()) return synced;
    return {};
}

void SentLog::remember(SentPacket packet) {
    by_inner_[packet.inner] = packet.name;
    for (const SentCopy& copy : packet.copies) by_copy_[copy] = packet.name;
    packets_[packet.name] = std::move(packet);
}

void SentLog::keep(const Mth& name) {
    const std::lock_guard lock(mutex_);
    const auto found = packets_.find(name);
    if (found == packets_.end()) return;
    const SentPacket& packet = found->second;
    if (::rename(new_link(file(packet)).c_str(), file(packet).c_str()) == 0) return;
    (void)!::link(spool_.path({packet.first_hop, Way::Tx, name, 0, 255}).c_str(),
                  file(packet).c_str());
}

bool SentLog::settle(const Mth& name) {
    const std::lock_guard lock(mutex_);
    const auto found = packets_.find(name);
    if (found == packets_.end()) return false;
    if (spool_.find(found->second.first_hop, Way::Tx, name).ok()) return true;
    forget(SentPacket(found->second));
    return false;
}

bool SentLog::has(const SentCopy& copy) const {
    const std::lock_guard lock(mutex_);
    return by_copy_.count(copy) > 0;
}

void SentLog::forget(const SentPacket& packet) {
    const fs::path at = file(packet);
    (void)::unlink(at.c_str());
    (void)::unlink(new_link(at).c_str());
    (void)::unlink((at.string() + kRecord).c_str());
    by_inner_.erase(packet.inner);
    for (const SentCopy& copy : packet.copies) by_copy_.erase(copy);
    packets_.erase(Mth(packet.name));
}

std::optional<SentPacket> SentLog::awaits(const NodeId& by, const Mth& inner) const {
    const std::lock_guard lock(mutex_);
    const auto name = by_inner_.find(inner);
    if (name == by_inner_.end()) return std::nullopt;
    const SentPacket packet = packets_.at(name->second);
    if (packet.to != by) return std::nullopt;
    return packet;
}

std::optional<SentPacket> SentLog::acked(const NodeId& by, const Mth& inner) {
    const auto packet = awaits(by, inner);
    if (!packet) return std::nullopt;
    const std::lock_guard lock(mutex_);
    forget(*packet);
    // It may wait in the queue still, copied from there and not taken.
    const auto queued = spool_.find(packet->first_hop, Way::Tx, packet->name);
    if (queued.ok()) (void)spool_.remove(*queued);
    return packet;
}

// Under its own name: who has it already drops it.
bool SentLog::queue_again(SentPacket& packet, std::int64_t now) {
    const fs::path into = spool_.path({packet.first_hop, Way::Tx, packet.name, 0, 255});
    const bool queued = ::link(file(packet).c_str(), into.c_str()) == 0;
    if (!queued && errno != EEXIST) return false;
    packet.at = now;
    if (queued) ++packet.resent;
    (void)write(packet);
    return queued;
}

void SentLog::bring_into_the_past(SentPacket& packet, std::int64_t now) const {
    if (packet.first <= now && packet.at <= now) return;
    packet.first = std::min(packet.first, now);
    packet.at = std::min(packet.at, now);
    (void)write(packet);
}

std::size_t SentLog::tidy(std::int64_t now, const Rules& rules) {
    const std::lock_guard lock(mutex_);
    std::size_t again = 0;
    std::vector<SentPacket> old;
    for (auto& [name, packet] : packets_) {
        bring_into_the_past(packet, now);
        const std::chrono::seconds age(now - packet.first);
        const bool acks = rules.acks && rules.acks(packet.to);
        if (age > (acks ? rules.forget_after : rules.forget_others)) {
            old.push_back(packet);
        } else if (acks && rules.resend_after.count() > 0 &&
                   now - packet.at > rules.resend_after.count()) {
            if (queue_again(packet, now)) ++again;
        }
    }
    for (const SentPacket& packet : old) forget(packet);
    return again;
}

std::size_t SentLog::waiting(const NodeId& to) const {
    const std::lock_guard lock(mutex_);
    std::size_t count = 0;
    for (const auto& [name, packet] : packets_) count += packet.to == to ? 1u : 0u;
    return count;
}

}  // namespace waypost::nncp
