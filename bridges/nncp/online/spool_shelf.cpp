// SPDX-License-Identifier: Apache-2.0
#include "bridges/nncp/online/spool_shelf.h"

#include <fcntl.h>
#include <unistd.h>

#include <ctime>

#include "bridges/nncp/packet/mth.h"

namespace waypost::nncp {
namespace {

constexpr std::size_t kMostOpen = 16;             // parts written in turns
constexpr std::uint64_t kPush = 8 * 1024 * 1024;  // the disk begins early
constexpr std::time_t kSameMoment = 2;            // seconds: some file systems count those

Result<void> write_at(int fd, std::uint64_t offset, std::span<const std::uint8_t> bytes) {
    while (!bytes.empty()) {
        const ssize_t n = ::pwrite(fd, bytes.data(), bytes.size(), static_cast<off_t>(offset));
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return disk_error("write a packet");
        offset += static_cast<std::uint64_t>(n);
        bytes = bytes.subspan(static_cast<std::size_t>(n));
    }
    return {};
}

}  // namespace

Result<std::unique_ptr<SpoolShelf>> SpoolShelf::open(const Spool& spool, const NodeId& node,
                                                     Options options) {
    std::vector<SpoolLock> locks;
    for (const auto kind : {SpoolLock::Kind::Rx, SpoolLock::Kind::Tx}) {
        auto lock = spool.lock(node, kind);
        if (!lock.ok()) return lock.error();
        locks.push_back(std::move(lock).value());
    }
    const auto made = make_folder(spool.folder(node, Way::Rx), options.sync);
    if (!made.ok()) return made.error();
    return std::unique_ptr<SpoolShelf>(
        new SpoolShelf(spool, node, std::move(options), std::move(locks)));
}

SpoolShelf::SpoolShelf(const Spool& spool, const NodeId& node, Options options,
                       std::vector<SpoolLock> locks)
    : spool_(spool),
      node_(node),
      options_(std::move(options)),
      locks_(std::move(locks)),
      rx_(spool.folder(node, Way::Rx)),
      tx_(spool.folder(node, Way::Tx)),
      keeper_(spool, node, options_.sync, options_.wake),
      remover_(spool) {}

// Whether tx/ may have got something since it was listed. A change within the moment it was listed
// in would look the same, so then it is listed again.
bool SpoolShelf::changed() {
    struct stat info {};
    if (::stat(tx_.c_str(), &info) != 0) return false;
    const auto& then = info.st_mtim;
    if (listed_ && listed_->tv_sec == then.tv_sec && listed_->tv_nsec == then.tv_nsec) return false;
    if (std::time(nullptr) - then.tv_sec > kSameMoment) listed_ = then;
    return true;
}

std::vector<Offer> SpoolShelf::new_offers() {
    std::vector<Offer> fresh;
    if (!changed()) return fresh;
    const auto all = spool_.list(node_, Way::Tx, options_.nice);
    if (!all.ok()) return fresh;
    for (const SpoolPacket& packet : *all)
        if (offered_.insert(packet.name).second)
            fresh.push_back({packet.name, packet.bytes, packet.nice});
    return fresh;
}

Result<std::size_t> SpoolShelf::read(const Mth& name, std::uint64_t offset,
                                     std::span<std::uint8_t> into) {
    if (!read_file_.good() || reading_ != name) {
        const auto path = tx_ / to_base32(name);
        read_file_ = Fd(::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC));
        reading_ = name;
        if (!read_file_.good()) return disk_error("open " + path.string());
    }
    std::size_t have = 0;
    while (have < into.size()) {
        const ssize_t n = ::pread(read_file_.get(), into.data() + have, into.size() - have,
                                  static_cast<off_t>(offset + have));
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return disk_error("read a packet");
        if (n == 0) break;
        have += static_cast<std::size_t>(n);
    }
    return have;
}

void SpoolShelf::delivered(const Mth& name) {
    if (reading_ == name) read_file_ = Fd();
    remover_.add({node_, Way::Tx, name, 0, 255});
}

std::string SpoolShelf::part_of(const Mth& name) const { return rx_ / (to_base32(name) + ".part"); }

// rx/ is looked at before seen/: what is tossed meanwhile is marked before it leaves rx/.
Shelf::Held SpoolShelf::held(const Mth& name) {
    const std::string letters = to_base32(name);
    if (file_size(AT_FDCWD, rx_ / letters).ok() || spool_.seen(node_, name)) return {true, 0};
    if (const auto part = file_size(AT_FDCWD, part_of(name)); part.ok()) return {false, *part};
    // What a tool of nncp left unchecked is checked like any part that is all of it.
    const std::string unchecked = rx_ / (letters + ".nock");
    const auto bytes = file_size(AT_FDCWD, unchecked);
    if (bytes.ok() && ::rename(unchecked.c_str(), part_of(name).c_str()) == 0)
        return {false, *bytes};
    return {false, 0};
}

std::uint64_t SpoolShelf::free_bytes() {
    const auto free = spool_.free_bytes();
    return free.ok() ? *free : 0;
}

Result<SpoolShelf::Incoming*> SpoolShelf::open_part(const Mth& name, std::uint64_t offset) {
    const auto found = std::find_if(incoming_.begin(), incoming_.end(),
                                    [&](const Incoming& each) { return each.name == name; });
    if (found != incoming_.end() && offset > 0) {
        incoming_.splice(incoming_.begin(), incoming_, found);
        return &incoming_.front();
    }
    if (found != incoming_.end()) incoming_.erase(found);
    const int flags = O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC | (offset == 0 ? O_TRUNC : 0);
    Incoming fresh{name, Fd(::open(part_of(name).c_str(), flags, 0666)), {}, offset};
    if (!fresh.file.good()) return disk_error("write " + part_of(name));
    if (offset == 0) fresh.hasher.emplace();
    incoming_.push_front(std::move(fresh));
    if (incoming_.size() > kMostOpen) incoming_.pop_back();
    return &incoming_.front();
}

// All of it at once: nothing is on the disk before its hash is right.
Result<void> SpoolShelf::take_small(const Mth& name, std::span<const std::uint8_t> bytes) {
    MthHasher hasher;
    hasher.update(bytes);
    if (hasher.finish() != name) {
        wrong_hash(name);
        return {};
    }
    constexpr int kFlags = O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC;
    const Fd file(::open(part_of(name).c_str(), kFlags, 0666));
    if (!file.good()) return disk_error("write " + part_of(name));
    if (const auto written = write_at(file.get(), 0, bytes); !written.ok()) return written;
    small_ = name;
    return {};
}

void SpoolShelf::wrong_hash(const Mth& name) {
    drop(name);
    failed_.push_back({name, bad_input("what came has another hash than its name says")});
}

Result<void> SpoolShelf::write(const Mth& name, std::uint64_t offset,
                               std::span<const std::uint8_t> bytes, std::uint64_t size) {
    if (offset == 0 && bytes.size() == size) return take_small(name, bytes);
    const auto part = open_part(name, offset);
    if (!part.ok()) return part.error();
    Incoming& to = **part;
    if (const auto written = write_at(to.file.get(), offset, bytes); !written.ok()) {
        incoming_.pop_front();  // what is there of it stays, to be gone on with
        return written;
    }
    if (to.hasher) to.hasher->update(bytes);
    if (const std::uint64_t end = offset + bytes.size(); end - to.pushed >= kPush) {
        (void)::sync_file_range(to.file.get(), static_cast<off_t>(to.pushed),
                                static_cast<off_t>(end - to.pushed), SYNC_FILE_RANGE_WRITE);
        to.pushed = end;
    }
    return {};
}

void SpoolShelf::keep(const Mth& name) {
    if (!failed_.empty() && failed_.back().name == name) return;
    if (small_ == name) return keeper_.add({*std::exchange(small_, {}), false});
    const auto found = std::find_if(incoming_.begin(), incoming_.end(),
                                    [&](const Incoming& each) { return each.name == name; });
    const bool known = found != incoming_.end() && found->hasher;
    if (known && found->hasher->finish() != name) return wrong_hash(name);
    if (found != incoming_.end()) incoming_.erase(found);
    keeper_.add({name, !known});
}

std::vector<Shelf::Kept> SpoolShelf::kept() {
    auto all = std::exchange(failed_, {});
    auto kept = keeper_.take();
    std::move(kept.begin(), kept.end(), std::back_inserter(all));
    return all;
}

void SpoolShelf::drop(const Mth& name) {
    std::erase_if(incoming_, [&](const Incoming& each) { return each.name == name; });
    (void)::unlink(part_of(name).c_str());
}

}  // namespace waypost::nncp
