// SPDX-License-Identifier: Apache-2.0
// From the directory into the spool.
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <tuple>

#include "bridges/nncp/carrier/checked_read.h"
#include "bridges/nncp/carrier/xfer_run.h"

namespace waypost::nncp {
namespace {

namespace fs = std::filesystem;

// Larger ones come in a file of their own that may be gone on with.
constexpr std::uint64_t kLarge = 1024 * 1024;
// So much is published with one wait for the disk.
constexpr std::size_t kBatchPackets = 512;
constexpr std::uint64_t kBatchBytes = 32 * 1024 * 1024;

// Passes over what is there already.
class SkippingSink : public Sink {
  public:
    explicit SkippingSink(Partial& part) : part_(part), skip_(part.bytes()) {}
    Result<void> write(std::span<const std::uint8_t> bytes) override {
        const auto skipped = std::min<std::uint64_t>(skip_, bytes.size());
        skip_ -= skipped;
        return part_.write(bytes.subspan(static_cast<std::size_t>(skipped)));
    }

  private:
    Partial& part_;
    std::uint64_t skip_;
};

}  // namespace

// What can be read of the directory; a medium that fails meanwhile is told of at the end.
std::vector<fs::directory_entry> XferRun::readable(const fs::path& folder) {
    std::error_code failed;
    auto found = entries_of(folder, &failed);
    if (failed) unread_ = unread(folder, failed);
    return found;
}

void XferRun::plan_receiving() {
    std::error_code none;
    for (const auto& sender : readable(directory_ / to_base32(own_))) {
        const auto id = hash_from_base32(sender.path().filename().string());
        if (!id.ok() || !sender.is_directory(none) || config_.by_id(*id) == nullptr ||
            !options_.wants(*id))
            continue;
        for (const auto& file : readable(sender.path())) {
            const auto name = hash_from_base32(file.path().filename().string());
            if (!name.ok()) continue;
            const auto size = file_size(AT_FDCWD, file.path());
            if (!size.ok()) continue;
            incoming_.push_back({{*id, Way::Rx, *name, *size, 255}, file.path()});
            progress_.all_bytes += *size;
            ++progress_.all_packets;
        }
    }
    // Small ones first: a stick that is pulled early has brought the most letters.
    std::sort(incoming_.begin(), incoming_.end(), [](const Work& a, const Work& b) {
        return std::tie(a.packet.bytes, a.packet.name) < std::tie(b.packet.bytes, b.packet.name);
    });
}

void XferRun::receive_all() {
    std::vector<Work> batch;
    std::uint64_t bytes = 0;
    const auto flush = [&] {
        receive_small(std::exchange(batch, {}));
        bytes = 0;
    };
    for (const Work& work : incoming_) {
        if (report_.stopped) break;
        const SpoolPacket& p = work.packet;
        if (spool_.arrived(p.node, p.name)) {
            tell(work, Transfer::Outcome::Known, "it had arrived before");
            if (!options_.keep) (void)::unlink(work.outside.c_str());
            continue;
        }
        if (p.bytes > kLarge) {
            receive_large(work);
            continue;
        }
        batch.push_back(work);
        bytes += p.bytes;
        if (batch.size() >= kBatchPackets || bytes >= kBatchBytes) flush();
    }
    flush();
}

// Header and hash are right when it returns well. Conflict: stopped by whoever looks on.
Result<void> XferRun::read_checked(const Work& work, Sink& sink) {
    const auto fd = open_packet(work.outside);
    if (!fd.ok()) return fd.error();
    std::string header;
    const auto hash = read_pieces(fd->get(), [&](auto bytes) -> Result<void> {
        if (header.empty()) {
            header.assign(reinterpret_cast<const char*>(bytes.data()),
                          std::min(bytes.size(), kPacketHeaderBytes));
            const auto decoded = decode_packet_header(header);
            if (!decoded.ok()) return decoded.error();
            if (decoded->nice > options_.limit)
                return Error{Code::Refused, "its niceness is above the limit", true};
        }
        if (const auto written = sink.write(bytes); !written.ok()) return written;
        return step(bytes.size()) ? Result<void>() : stopped();
    });
    if (!hash.ok()) return hash.error();
    if (*hash != work.packet.name) return bad_input("its content is not what its name says");
    return {};
}

void XferRun::receive_small(std::vector<Work> batch) {
    std::vector<Spool::Finished> finished;
    std::vector<Work> good;
    auto room = spool_.free_bytes();
    for (const Work& work : batch) {
        if (report_.stopped) break;
        if (!room.ok() || *room < work.packet.bytes) {
            failed(work, {Code::Full, "no room for it in the spool", true});
            continue;
        }
        auto packet = spool_.begin();
        const auto read = packet.ok() ? read_checked(work, **packet) : packet.error();
        if (!read.ok() && read.error().code == Code::BadInput) {
            tell(work, Transfer::Outcome::Damaged, read.error().text);
        } else if (!read.ok()) {
            failed(work, read.error());
        } else {
            *room -= work.packet.bytes;
            finished.push_back({std::move(packet).value(), work.packet.node, Way::Rx});
            good.push_back(work);
        }
    }
    if (good.empty()) return;
    const auto published = spool_.publish(std::move(finished));
    std::vector<fs::path> proven;
    for (const Work& work : good) {
        if (!published.ok()) {
            failed(work, published.error());
            continue;
        }
        tell(work, Transfer::Outcome::Moved);
        proven.push_back(work.outside);
    }
    if (!options_.keep) remove_files(proven);
}

void XferRun::receive_large(const Work& work) {
    const auto lock = spool_.lock(work.packet.node, SpoolLock::Kind::Rx);
    if (!lock.ok()) return failed(work, lock.error());
    const bool begun = spool_.partial_bytes(work.packet.node, work.packet.name) > 0;
    auto done = fetch(work);
    // What was there before was wrong, and is gone now.
    if (!done.ok() && done.error().code == Code::Conflict && begun && !report_.stopped)
        done = fetch(work);
    if (!done.ok() && done.error().code == Code::BadInput)
        return tell(work, Transfer::Outcome::Damaged, done.error().text);
    if (!done.ok()) return failed(work, done.error());
    tell(work, Transfer::Outcome::Moved);
    if (!options_.keep) (void)::unlink(work.outside.c_str());
}

// Goes on where an earlier run, or an online session, stopped. Whether the earlier bytes were right
// is known at the end; Conflict: they were not.
Result<void> XferRun::fetch(const Work& work) {
    const SpoolPacket& p = work.packet;
    const auto room = spool_.free_bytes();
    const std::uint64_t there = spool_.partial_bytes(p.node, p.name);
    if (there < p.bytes && (!room.ok() || *room < p.bytes - there))
        return Error{Code::Full, "no room for it in the spool", true};
    auto part = spool_.partial(p.node, p.name);
    if (!part.ok()) return part.error();
    SkippingSink sink(*part);
    const auto read = read_checked(work, sink);
    if (!read.ok()) {
        const bool damaged = read.error().code == Code::BadInput;
        if (damaged || part->bytes() == 0) part->drop();
        return read;
    }
    const auto done = part->finish();
    if (!done.ok() && done.error().code == Code::BadInput)
        return Error{Code::Conflict, "what had come of it was wrong", true};
    return done;
}

}  // namespace waypost::nncp
