// SPDX-License-Identifier: Apache-2.0
// Merkle tree hash of NNCP 8 over BLAKE3, blocks of 128 KiB (doc/nncp.md, "Packet hash"): the file
// name of every packet.
#pragma once

#include <memory>
#include <span>

#include "bridges/nncp/packet/ids.h"
#include "bridges/nncp/packet/stream.h"

namespace waypost::nncp {

inline constexpr std::size_t kBlockBytes = 131072;

// Constant memory but for one hash per level of the tree. Bytes may come in pieces of any size.
class MthHasher {
  public:
    MthHasher();
    ~MthHasher();
    MthHasher(MthHasher&&) noexcept;
    MthHasher& operator=(MthHasher&&) noexcept;
    void update(std::span<const std::uint8_t> bytes);
    Mth finish();  // once

  private:
    struct State;
    std::unique_ptr<State> state_;
};

Result<Mth> mth_of(Source& source);

// Hashes what goes through it.
class MthSink : public Sink {
  public:
    explicit MthSink(Sink& next) : next_(next) {}
    Result<void> write(std::span<const std::uint8_t> bytes) override;
    std::uint64_t bytes() const { return bytes_; }
    Mth finish() { return hasher_.finish(); }

  private:
    Sink& next_;
    MthHasher hasher_;
    std::uint64_t bytes_ = 0;
};

}  // namespace waypost::nncp
