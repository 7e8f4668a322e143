// SPDX-License-Identifier: Apache-2.0
#include "bridges/nncp/carrier/bundle_spool.h"

#include "bridges/nncp/carrier/checked_read.h"
#include "bridges/nncp/spool/sources.h"

namespace waypost::nncp {
namespace {

constexpr std::size_t kBatchPackets = 512;
constexpr std::uint64_t kBatchBytes = 32 * 1024 * 1024;

struct Nowhere : Sink {
    Result<void> write(std::span<const std::uint8_t>) override { return {}; }
};

// Counts what goes through, and stops where whoever looks on says so.
class WatchedSink : public Sink {
  public:
    WatchedSink(Sink& next, Progress& progress, const TransferOptions& options)
        : next_(next), progress_(progress), options_(options) {}
    Result<void> write(std::span<const std::uint8_t> bytes) override {
        progress_.bytes += bytes.size();
        if (options_.progress && !options_.progress(progress_)) return stopped();
        return next_.write(bytes);
    }

  private:
    Sink& next_;
    Progress& progress_;
    const TransferOptions& options_;
};

Transfer transfer_of(const BundledPacket& packet, Way way, const NodeId& node,
                     Transfer::Outcome outcome, std::string why = {}) {
    return {outcome, way, node, packet.name, packet.bytes, std::move(why)};
}

// Reads a bundle into rx/.
class Taking {
  public:
    Taking(const NodeConfig& config, const Spool& spool, Source& in, const TransferOptions& options,
           bool dry_run)
        : config_(config),
          spool_(spool),
          reader_(in),
          options_(options),
          dry_run_(dry_run),
          own_(config.nodes.at("self").id) {}

    Result<TransferReport> run() {
        while (!report_.stopped) {
            const auto packet = reader_.next();
            if (!packet.ok()) {
                report_.stopped = packet.error();
            } else if (!*packet) {
                break;
            } else if (is_ours(**packet)) {
                take(**packet);
            }
        }
        publish();
        return std::move(report_);
    }

  private:
    bool is_ours(const BundledPacket& packet) {
        const NodeId& sender = packet.header.sender;
        return packet.header.recipient == own_ && config_.by_id(sender) != nullptr &&
               options_.wants(sender);
    }

    void tell(const BundledPacket& packet, Transfer::Outcome outcome, std::string why = {}) {
        report_.transfers.push_back(
            transfer_of(packet, Way::Rx, packet.header.sender, outcome, std::move(why)));
        if (outcome == Transfer::Outcome::Moved) report_.bytes += packet.bytes;
        ++progress_.packets;
    }

    void take(const BundledPacket& packet) {
        const NodeId& sender = packet.header.sender;
        if (spool_.arrived(sender, packet.name))
            return tell(packet, Transfer::Outcome::Known, "it had arrived before");
        if (packet.header.nice > options_.limit)
            return tell(packet, Transfer::Outcome::Left, "its niceness is above the limit");
        const auto room = spool_.free_bytes();
        if (!room.ok() || *room < packet.bytes)
            return tell(packet, Transfer::Outcome::Left, "no room for it in the spool");
        auto held = spool_.begin();
        if (!held.ok()) {
            report_.stopped = held.error();
            return;
        }
        WatchedSink sink(**held, progress_, options_);
        const auto read = reader_.read(sink, [&]() -> Result<std::unique_ptr<Source>> {
            if (const auto done = (*held)->complete(); !done.ok()) return done.error();
            auto fd = (*held)->reopen();
            if (!fd.ok()) return fd.error();
            return std::unique_ptr<Source>(std::make_unique<OwnFileSource>(std::move(fd).value()));
        });
        if (!read.ok() && read.error().code == Code::BadInput)
            return tell(packet, Transfer::Outcome::Damaged, read.error().text);
        if (!read.ok()) {
            report_.stopped = read.error();
            return;
        }
        if (const auto done = (*held)->complete(); !done.ok()) {
            report_.stopped = done.error();
            return;
        }
        if (dry_run_) return tell(packet, Transfer::Outcome::Moved);
        waiting_.push_back(packet);
        finished_.push_back({std::move(held).value(), sender, Way::Rx});
        bytes_ += packet.bytes;
        if (waiting_.size() >= kBatchPackets || bytes_ >= kBatchBytes) publish();
    }

    void publish() {
        bytes_ = 0;
        const auto published = spool_.publish(std::exchange(finished_, {}));
        for (const BundledPacket& packet : std::exchange(waiting_, {})) {
            if (published.ok())
                tell(packet, Transfer::Outcome::Moved);
            else
                tell(packet, Transfer::Outcome::Left, published.error().text);
        }
        if (!published.ok()) report_.stopped = published.error();
    }

    const NodeConfig& config_;
    const Spool& spool_;
    BundleReader reader_;
    const TransferOptions& options_;
    const bool dry_run_;
    const NodeId own_;
    std::vector<Spool::Finished> finished_;
    std::vector<BundledPacket> waiting_;
    std::uint64_t bytes_ = 0;
    Progress progress_;
    TransferReport report_;
};

Error no_self() { return {Code::Refused, "the configuration lacks neigh.self", false}; }

Result<void> bundle_node(const Spool& spool, const NodeId& own, const std::vector<SpoolPacket>& all,
                         BundleWriter& writer, TransferReport& report, Progress& progress) {
    for (const SpoolPacket& packet : all) {
        const auto fd = open_packet(spool.path(packet));
        if (!fd.ok()) continue;  // gone meanwhile
        FileSource source(fd->get());
        const auto added = writer.add(packet.node, own, packet.name, packet.bytes, source);
        if (!added.ok() && added.error().code != Code::BadInput) return added;
        report.transfers.push_back(
            {added.ok() ? Transfer::Outcome::Moved : Transfer::Outcome::Damaged, Way::Tx,
             packet.node, packet.name, packet.bytes, added.ok() ? "" : added.error().text});
        if (added.ok()) report.bytes += packet.bytes;
        ++progress.packets;
    }
    return {};
}

}  // namespace

Result<TransferReport> write_bundle(const NodeConfig& config, const Spool& spool,
                                    const std::vector<NodeId>& nodes, Sink& out,
                                    const TransferOptions& options) {
    const auto self = config.nodes.find("self");
    if (self == config.nodes.end()) return no_self();
    std::vector<std::pair<SpoolLock, std::vector<SpoolPacket>>> work;
    Progress progress;
    for (const NodeId& node : nodes) {
        auto lock = spool.lock(node, SpoolLock::Kind::Tx);
        if (!lock.ok()) return lock.error();
        auto packets = spool.list(node, Way::Tx, options.limit);
        if (!packets.ok()) return packets.error();
        for (const SpoolPacket& each : *packets) progress.all_bytes += each.bytes;
        progress.all_packets += packets->size();
        work.emplace_back(std::move(lock).value(), std::move(packets).value());
    }
    TransferReport report;
    WatchedSink watched(out, progress, options);
    BundleWriter writer(watched);
    Result<void> done;
    for (const auto& [lock, packets] : work) {
        if (done.ok())
            done = bundle_node(spool, self->second.id, packets, writer, report, progress);
    }
    if (done.ok()) done = writer.finish();
    if (!done.ok()) report.stopped = done.error();
    return report;
}

Result<TransferReport> read_bundle(const NodeConfig& config, const Spool& spool, Source& in,
                                   const TransferOptions& options, bool dry_run) {
    if (config.nodes.count("self") == 0) return no_self();
    return Taking(config, spool, in, options, dry_run).run();
}

Result<TransferReport> delete_bundled(const NodeConfig& config, const Spool& spool, Source& in,
                                      const TransferOptions& options, bool dry_run) {
    TransferReport report;
    Progress progress;
    BundleReader reader(in);
    Nowhere nowhere;
    WatchedSink sink(nowhere, progress, options);
    while (!report.stopped) {
        const auto packet = reader.next();
        if (!packet.ok()) report.stopped = packet.error();
        if (!packet.ok() || !*packet) break;
        const NodeId node = (*packet)->header.recipient;
        if (config.by_id(node) == nullptr || !options.wants(node)) continue;
        const auto ours = spool.find(node, Way::Tx, (*packet)->name);
        if (!ours.ok()) continue;
        const auto read = reader.read(sink);
        ++progress.packets;
        const bool damaged = !read.ok() && read.error().code == Code::BadInput;
        if (!read.ok() && !damaged) {
            report.stopped = read.error();
            break;
        }
        if (read.ok() && !dry_run && !options.keep) (void)spool.remove(*ours);
        report.transfers.push_back(
            transfer_of(**packet, Way::Tx, node,
                        damaged ? Transfer::Outcome::Damaged : Transfer::Outcome::Moved,
                        damaged ? read.error().text : ""));
        if (!damaged) report.bytes += (*packet)->bytes;
    }
    return report;
}

}  // namespace waypost::nncp
