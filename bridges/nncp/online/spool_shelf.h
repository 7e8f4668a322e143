// SPDX-License-Identifier: Apache-2.0
// The shelf of a session in a spool directory: tx/ is offered, rx/ filled, and no other program has
// a session with the node meanwhile (rx.lock and tx.lock).
#pragma once

#include <sys/stat.h>

#include <list>
#include <optional>
#include <set>

#include "bridges/nncp/online/keeper.h"
#include "bridges/nncp/online/shelf.h"
#include "bridges/nncp/spool/remover.h"

namespace waypost::nncp {

class SpoolShelf : public Shelf {
  public:
    struct Options {
        Nice nice = 255;             // nothing less urgent is offered
        bool sync = true;            // false where NNCPNOSYNC is set
        std::function<void()> wake;  // kept() has something; by another thread
    };
    // The spool outlives it. Code::Busy: there is a session with the node.
    static Result<std::unique_ptr<SpoolShelf>> open(const Spool& spool, const NodeId& node,
                                                    Options options);

    std::vector<Offer> new_offers() override;
    Result<std::size_t> read(const Mth& name, std::uint64_t offset,
                             std::span<std::uint8_t> into) override;
    void delivered(const Mth& name) override;
    Held held(const Mth& name) override;
    std::uint64_t free_bytes() override;
    Result<void> write(const Mth& name, std::uint64_t offset, std::span<const std::uint8_t> bytes,
                       std::uint64_t size) override;
    void keep(const Mth& name) override;
    std::vector<Kept> kept() override;
    void drop(const Mth& name) override;

  private:
    // A part that is being written. Its hash runs along if it was written from its beginning.
    struct Incoming {
        Mth name{};
        Fd file;
        std::optional<MthHasher> hasher;
        std::uint64_t pushed = 0;  // so far the disk was told to begin
    };
    SpoolShelf(const Spool& spool, const NodeId& node, Options options,
               std::vector<SpoolLock> locks);
    std::string part_of(const Mth& name) const;
    Result<void> take_small(const Mth& name, std::span<const std::uint8_t> bytes);
    void wrong_hash(const Mth& name);
    Result<Incoming*> open_part(const Mth& name, std::uint64_t offset);
    bool changed();

    const Spool& spool_;
    const NodeId node_;
    const Options options_;
    const std::vector<SpoolLock> locks_;
    const std::filesystem::path rx_, tx_;
    std::set<Mth> offered_;
    std::optional<struct ::timespec> listed_;  // the change of tx/ that was listed
    Mth reading_{};
    Fd read_file_;
    std::list<Incoming> incoming_;  // the last used first
    std::vector<Kept> failed_;      // known without the disk
    std::optional<Mth> small_;      // written at once; its hash was right
    Keeper keeper_;
    Remover remover_;  // last: it ends before the locks are given back
};

}  // namespace waypost::nncp
