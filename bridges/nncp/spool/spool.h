// SPDX-License-Identifier: Apache-2.0
// One spool directory, shared with the tools of nncp: layout, locks and order of writing are theirs
// (doc/nncp.md, "Spool"). Beside them stands our own `quarantine/`. Any thread, any process.
//
// What is durable when: what publish(), retire(), Partial::finish() or a mark returned for is on
// the disk, with its name, unless the spool was opened without `sync`. Until then a packet has no
// name that anybody looks for. remove() is not waited for: after a crash a packet may be there
// again.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "bridges/nncp/packet/header.h"
#include "bridges/nncp/packet/mth.h"
#include "bridges/nncp/packet/stream.h"
#include "bridges/nncp/spool/files.h"

namespace waypost::nncp {

struct NodeConfig;

enum class Way { Rx, Tx };

struct SpoolPacket {
    NodeId node{};  // whose folder: of tx the next hop, of rx the previous one
    Way way = Way::Tx;
    Mth name{};
    std::uint64_t bytes = 0;
    Nice nice = 255;
};

// Held as long as it lives (flock, exclusive, without waiting).
class SpoolLock {
  public:
    enum class Kind { Rx, Tx, Toss };
    SpoolLock(SpoolLock&&) noexcept = default;
    SpoolLock& operator=(SpoolLock&&) = delete;

  private:
    friend class Spool;
    explicit SpoolLock(Fd fd) : fd_(std::move(fd)) {}
    Fd fd_;
};

// A packet on its way into the spool: a file in tmp/ that is named by its hash when it is complete.
// Dropped without publish() it leaves nothing. A small one is written to the disk by complete().
class NewPacket : public Sink {
  public:
    ~NewPacket() override;
    NewPacket(const NewPacket&) = delete;
    NewPacket& operator=(const NewPacket&) = delete;
    Result<void> write(std::span<const std::uint8_t> bytes) override;
    std::uint64_t bytes() const;
    // Nothing more comes: its name. Keeps no descriptor open; may be called again.
    Result<Mth> complete();
    Result<Fd> reopen() const;  // what is complete, from its start
    // The same file by another name, on this file system. False: it has none.
    bool link(const std::filesystem::path& name) const;

  private:
    friend class Spool;
    struct State;
    explicit NewPacket(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

// A packet that comes in pieces and may be gone on with later: rx/NAME.part, as the online tools of
// nncp keep it. Its writer holds the lock Rx of the node.
class Partial {
  public:
    ~Partial();
    Partial(Partial&&) noexcept;
    std::uint64_t bytes() const;  // that are there; the next ones belong here
    Result<void> write(std::span<const std::uint8_t> bytes);
    // Durable, its hash checked, and named. BadInput: it is not what its name says; it is deleted,
    // so that it can be had again.
    Result<void> finish();
    void drop();  // deletes it

  private:
    friend class Spool;
    struct State;
    explicit Partial(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

struct SpoolOptions {
    bool sync = true;             // false where NNCPNOSYNC is set
    bool headers = true;          // write hdr/; false where `nohdr` is set
    std::uint64_t keep_free = 0;  // bytes of the disk that are not ours to fill
};

class Spool {
  public:
    // Makes tmp/ if it is missing.
    static Result<Spool> open(const std::filesystem::path& directory, bool sync = true);
    static Result<Spool> open(const std::filesystem::path& directory, const SpoolOptions& options);
    // As the configuration and NNCPNOSYNC say.
    static Result<Spool> open(const NodeConfig& config);

    const std::filesystem::path& directory() const { return directory_; }
    bool waits_for_disk() const { return options_.sync; }
    std::filesystem::path path(const SpoolPacket& packet) const;
    std::filesystem::path folder(const NodeId& node, Way way) const;

    // Sorted by niceness, then by name. `limit`: nicer ones are left out. A packet whose header
    // cannot be read has nice 255 and is listed: tossing it says why.
    Result<std::vector<SpoolPacket>> list(const NodeId& node, Way way, Nice limit = 255) const;
    Result<std::vector<NodeId>> nodes() const;  // that have a folder
    // NotFound: it is not there.
    Result<SpoolPacket> find(const NodeId& node, Way way, const Mth& name) const;

    // Busy: somebody else has it.
    Result<SpoolLock> lock(const NodeId& node, SpoolLock::Kind kind) const;

    // Packets to be published together: one wait for the disk for all of them. An Error of
    // publish() says that none, or some, are there; those that are carry their final names.
    Result<std::unique_ptr<NewPacket>> begin() const;
    struct Finished {
        std::unique_ptr<NewPacket> packet;
        NodeId node{};
        Way way = Way::Tx;
    };
    // fsync of each file, or syncfs where they are many; rename; fsync of each folder once. Names
    // in the order given. One for rx that lies there already, or was seen, is dropped and its name
    // returned.
    Result<std::vector<Mth>> publish(std::vector<Finished> finished) const;
    Result<Partial> partial(const NodeId& node, const Mth& name) const;
    std::uint64_t partial_bytes(const NodeId& node, const Mth& name) const;  // 0: there is none
    // Gives rx/NAME.nock of the node, which a tool left unchecked, its name if it deserves it, and
    // deletes it if not. How many became packets. Under the lock Rx.
    Result<std::size_t> check_unchecked(const NodeId& node) const;
    bool has_unchecked(const NodeId& node) const;

    // The space that is left, minus what the operator keeps free.
    Result<std::uint64_t> free_bytes() const;

    Result<void> remove(const SpoolPacket& packet) const;                // with its hdr/
    Result<void> remove(const std::vector<SpoolPacket>& packets) const;  // several at a time
    bool seen(const NodeId& node, const Mth& name) const;
    bool arrived(const NodeId& node, const Mth& name) const;  // it was seen, or lies in rx/
    Result<void> mark_seen(const NodeId& node, const Mth& name) const;  // durable
    // The same without a wait, for what would be done twice if this process were killed before
    // retire(). What came to nothing after all is not seen again.
    Result<void> mark_seen_early(const NodeId& node, const Mth& name) const;
    void unmark_seen(const NodeId& node, const Mth& name) const;
    // Packets of rx that are done with: all are seen, durably, with one wait per node, and then
    // removed.
    Result<void> retire(const std::vector<SpoolPacket>& packets) const;

    // A packet that stays where it is and is tried again: how often it failed by now.
    Result<int> note_failure(const SpoolPacket& packet, const std::string& reason) const;
    // Out of the way of the others, into quarantine/NODE/, with its reason in NAME.why (JSON:
    // reason, at, bytes, failures).
    Result<void> quarantine(const SpoolPacket& packet, const std::string& reason) const;

    bool area_seen(const NodeId& node, const AreaId& area, const Mth& message) const;
    Result<void> mark_area_seen(const NodeId& node, const AreaId& area, const Mth& message) const;

    // Deletes what ended programs left in tmp/, if it is older than this. How many.
    Result<std::size_t> sweep(std::chrono::seconds age) const;

  private:
    Spool(std::filesystem::path directory, SpoolOptions options)
        : directory_(std::move(directory)), options_(options) {}
    std::filesystem::path of_node(const NodeId& node) const;
    std::filesystem::path failures(const SpoolPacket& packet) const;
    Result<void> mark(const std::filesystem::path& folder, const std::vector<std::string>& names,
                      bool wait) const;
    Result<void> place(std::vector<Finished>& finished) const;
    std::filesystem::path directory_;
    SpoolOptions options_;
};

}  // namespace waypost::nncp
