// SPDX-License-Identifier: Apache-2.0
// One spool directory, shared with the tools of nncp: layout, locks and order of writing are theirs
// (doc/nncp.md, "Spool"). Beside them stands our own `quarantine/`. Any thread, any process.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "bridges/nncp/packet/header.h"
#include "bridges/nncp/packet/mth.h"
#include "bridges/nncp/packet/stream.h"

namespace waypost::nncp {

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
    SpoolLock(SpoolLock&& other) noexcept : fd_(other.fd_) { other.fd_ = -1; }
    SpoolLock& operator=(SpoolLock&&) = delete;
    ~SpoolLock();

  private:
    friend class Spool;
    explicit SpoolLock(int fd) : fd_(fd) {}
    int fd_;
};

// A packet on its way into the spool: a file in tmp/ that is named by its hash when it is complete.
// Dropped without publish() it leaves nothing.
class NewPacket : public Sink {
  public:
    ~NewPacket() override;
    NewPacket(const NewPacket&) = delete;
    NewPacket& operator=(const NewPacket&) = delete;
    Result<void> write(std::span<const std::uint8_t> bytes) override;
    std::uint64_t bytes() const;

  private:
    friend class Spool;
    friend class Batch;
    struct State;
    explicit NewPacket(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

class Spool {
  public:
    // `sync`: false where NNCPNOSYNC is set. Makes tmp/ if it is missing.
    static Result<Spool> open(const std::filesystem::path& directory, bool sync = true);

    const std::filesystem::path& directory() const { return directory_; }
    std::filesystem::path path(const SpoolPacket& packet) const;
    std::filesystem::path folder(const NodeId& node, Way way) const;

    // Sorted by niceness, then by name. `limit`: nicer ones are left out. A packet whose header
    // cannot be read has nice 255 and is listed: tossing it says why.
    Result<std::vector<SpoolPacket>> list(const NodeId& node, Way way, Nice limit = 255) const;
    Result<std::vector<NodeId>> nodes() const;  // that have a folder

    Result<SpoolLock> lock(const NodeId& node, SpoolLock::Kind kind) const;

    // Packets to be published together: one wait for the disk for all of them. An Error of commit()
    // says that none, or some, are there; those that are carry their final names.
    Result<std::unique_ptr<NewPacket>> begin() const;
    struct Finished {
        std::unique_ptr<NewPacket> packet;
        NodeId node{};
        Way way = Way::Tx;
    };
    // fsync of each file, rename, fsync of each folder once. Names in the order given. With
    // `only_new`, one that lies there already, or was seen, is dropped and its name returned.
    Result<std::vector<Mth>> publish(std::vector<Finished> finished) const;
    // The space that is left, minus what the operator keeps free.
    Result<std::uint64_t> free_bytes() const;

    Result<void> remove(const SpoolPacket& packet) const;  // with its hdr/
    bool seen(const NodeId& node, const Mth& name) const;
    Result<void> mark_seen(const NodeId& node, const Mth& name) const;  // durable
    // Out of the way of the others, with its reason in NAME.why (JSON). `failed`: how often, for
    // those that are tried again first.
    Result<void> quarantine(const SpoolPacket& packet, const std::string& reason) const;
    bool area_seen(const NodeId& node, const AreaId& area, const Mth& message) const;
    Result<void> mark_area_seen(const NodeId& node, const AreaId& area, const Mth& message) const;

  private:
    Spool(std::filesystem::path directory, bool sync)
        : directory_(std::move(directory)), sync_(sync) {}
    std::filesystem::path directory_;
    bool sync_;
};

}  // namespace waypost::nncp
