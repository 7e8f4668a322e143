// SPDX-License-Identifier: Apache-2.0
#include "bridges/nncp/courier/exchange.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>

#include "bridges/nncp/carrier/xfer.h"
#include "bridges/nncp/courier/readme.h"
#include "bridges/nncp/spool/files.h"

namespace waypost::nncp {
namespace {

namespace fs = std::filesystem;

// What a stranger put into our folder must not lead out of it.
Result<void> without_links(const fs::path& path, int depth) {
    std::error_code none;
    const auto status = fs::symlink_status(path, none);
    if (fs::is_symlink(status))
        return Error{Code::Refused, path.string() + " is a link: it is not followed", false};
    if (depth == 0 || !fs::is_directory(status)) return {};
    for (const auto& each : entries_of(path, &none)) {
        const auto good = without_links(each.path(), depth - 1);
        if (!good.ok()) return good;
    }
    return none ? unread(path, none) : Result<void>();
}

// When a packet was queued; 0: it is gone.
std::int64_t made_at(const fs::path& packet) {
    struct stat info {};
    return ::stat(packet.c_str(), &info) == 0 ? info.st_mtime : 0;
}

class Exchange {
  public:
    Exchange(const NodeConfig& config, const Spool& spool, const CourierBook& book,
             const Place& place, const ExchangeOptions& options, const Clock& clock)
        : config_(config),
          spool_(spool),
          book_(book),
          place_(place),
          options_(options),
          now_(plausible_seconds(to_ms(clock.wall()) / 1000)),
          folder_(place.path / options.folder),
          record_(book.find(place.id).value_or(StickRecord{place.id, place.name, {}, 0, {}})),
          rides_(book.all(), record_, options.rules, now_) {}

    Result<ExchangeReport> run() {
        if (const auto opened = open(); !opened.ok()) return opened.error();
        const std::uint64_t keep = options_.keep_free.value_or(margin(at_));
        const auto room = free_space(at_);
        if (room.ok() && *room > keep + readme_text().size()) (void)write_readme(at_);
        receive();
        if (!report_.stopped) transmit(keep);
        if (const auto kept = keep_record(); !kept.ok() && !report_.stopped)
            report_.stopped = kept.error();
        if (!report_.stopped) finish();
        if (const auto left = free_space(at_); left.ok()) report_.free = *left;
        name_paths(report_.received);
        name_paths(report_.sent);
        if (report_.stopped) name_path(report_.stopped->text);
        return std::move(report_);
    }

  private:
    // From here on the folder is reached by its descriptor: where a stick was pulled, its path
    // leads to the disk below.
    Result<void> open() {
        std::error_code none;
        if (!fs::is_directory(folder_, none))
            if (const auto made = make_folder(folder_, options_.sync); !made.ok()) return made;
        held_ = Fd(::open(folder_.c_str(), O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
        if (!held_.good()) return disk_error("open " + folder_.string());
        at_ = "/proc/self/fd/" + std::to_string(held_.get());
        return {};
    }

    bool still_there() const {
        struct stat named {
        }, held{};
        return ::stat(folder_.c_str(), &named) == 0 && ::fstat(held_.get(), &held) == 0 &&
               named.st_dev == held.st_dev && named.st_ino == held.st_ino;
    }
    Error gone() const {
        return {Code::NotFound, place_.path.string() + " is gone: put it back to go on", true};
    }
    void name_path(std::string& text) const {
        if (const auto at = text.find(at_.string()); at != std::string::npos)
            text.replace(at, at_.native().size(), folder_.string());
    }
    void name_paths(TransferReport& report) const {
        for (Transfer& each : report.transfers) name_path(each.why);
    }

    XferOptions options(Phase phase) const {
        XferOptions how;
        how.limit = options_.limit;
        how.nodes = options_.nodes;
        how.receive = phase == Phase::Reading;
        how.transmit = phase == Phase::Writing;
        how.keep = phase == Phase::Writing;
        how.make_folders = true;
        how.sync = options_.sync;
        how.progress = [this, phase](const Progress& now) {
            return still_there() && (!options_.progress || options_.progress(phase, now));
        };
        return how;
    }

    // In what its carrier reports, stops of either direction stop all.
    void run_carrier(const XferOptions& how, TransferReport& into) {
        auto done = xfer(config_, spool_, at_, how);
        if (done.ok())
            into = std::move(done).value();
        else
            into.stopped = done.error();
        report_.stopped = still_there() ? into.stopped : gone();
    }

    void receive() { run_carrier(options(Phase::Reading), report_.received); }

    void transmit(std::uint64_t keep) {
        XferOptions how = options(Phase::Writing);
        how.keep_free = keep;
        how.skip = [this](const SpoolPacket& packet) {
            return rides_.skip(packet, file_size(AT_FDCWD, outside(packet)).ok());
        };
        run_carrier(how, report_.sent);
        for (const Transfer& each : report_.sent.transfers) {
            const SpoolPacket packet{each.node, Way::Tx, each.name, each.bytes, 255};
            const bool again = each.outcome == Transfer::Outcome::Known &&
                               record_.ride(each.node, each.name) != nullptr;
            const bool lies_there = each.outcome == Transfer::Outcome::Moved ||
                                    each.outcome == Transfer::Outcome::Known;
            if (lies_there && !again) rides_.rode(packet);
            if (each.outcome == Transfer::Outcome::Left && !report_.busy) {
                const auto lock = spool_.lock(each.node, SpoolLock::Kind::Tx);
                report_.busy = !lock.ok() && lock.error().code == Code::Busy;
            }
        }
    }

    // On record first; then what rode often enough leaves the queue.
    Result<void> keep_record() {
        std::vector<SpoolPacket> waiting;
        for (const auto& [name, node] : config_.nodes)
            if (const auto all = spool_.list(node.id, Way::Tx); all.ok())
                waiting.insert(waiting.end(), all->begin(), all->end());
        const auto before = std::exchange(record_.rides, rides_.here(waiting));
        // Directories are looked at often, mostly for nothing.
        const bool idle = place_.directory && report_.moved() == 0 && before == record_.rides;
        const auto put = idle ? Result<void>() : put_record();
        if (!put.ok() || report_.stopped) return put;
        for (const SpoolPacket& packet : waiting)
            if (rides_.enough(packet, made_at(spool_.path(packet)))) (void)spool_.remove(packet);
        return {};
    }

    Result<void> put_record() {
        if (now_ != 0) record_.at = now_;
        record_.name = place_.name;
        // Said meanwhile by somebody else.
        if (const auto present = book_.find(place_.id)) record_.state = present->state;
        return book_.put(record_);
    }

    void finish() {
        if (options_.progress) (void)options_.progress(Phase::Syncing, {});
        const auto fd = open_folder(at_);
        if (!fd.ok() || !still_there()) {
            report_.stopped = gone();
        } else if (options_.sync && ::syncfs(fd->get()) != 0) {
            report_.stopped = disk_error("sync " + folder_.string());
        } else {
            report_.safe = true;
        }
    }

    fs::path outside(const SpoolPacket& packet) const {
        return at_ / to_base32(packet.node) / to_base32(config_.nodes.at("self").id) /
               to_base32(packet.name);
    }

    const NodeConfig& config_;
    const Spool& spool_;
    const CourierBook& book_;
    const Place& place_;
    const ExchangeOptions& options_;
    const std::int64_t now_;
    const fs::path folder_;
    Fd held_;
    fs::path at_;  // the same folder by its descriptor
    StickRecord record_;
    Rides rides_;
    ExchangeReport report_;
};

}  // namespace

const char* to_string(Phase phase) {
    return phase == Phase::Reading ? "reading" : phase == Phase::Writing ? "writing" : "syncing";
}

std::size_t ExchangeReport::moved() const {
    return received.count(Transfer::Outcome::Moved, Way::Rx) +
           sent.count(Transfer::Outcome::Moved, Way::Tx);
}

std::uint64_t margin(const fs::path& path) {
    struct statvfs info {};
    if (::statvfs(path.c_str(), &info) != 0) return 0;
    constexpr std::uint64_t kMost = 64 * 1024 * 1024;
    return std::min(kMost, static_cast<std::uint64_t>(info.f_blocks) * info.f_frsize / 20);
}

Result<ExchangeReport> exchange_with(const NodeConfig& config, const Spool& spool,
                                     const CourierBook& book, const Place& place,
                                     const ExchangeOptions& options, const Clock& clock) {
    if (config.nodes.count("self") == 0)
        return Error{Code::Refused, "the configuration lacks neigh.self", false};
    std::error_code none;
    if (!fs::is_directory(place.path, none))
        return Error{Code::NotFound, place.path.string() + " is gone", true};
    const auto lock = book.lock(place.id);
    if (!lock.ok()) return lock.error();
    if (const auto good = without_links(place.path / options.folder, 2); !good.ok())
        return good.error();
    return Exchange(config, spool, book, place, options, clock).run();
}

}  // namespace waypost::nncp
