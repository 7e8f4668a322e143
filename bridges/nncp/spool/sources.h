// SPDX-License-Identifier: Apache-2.0
// Sources that the outbox reads through.
#pragma once

#include <optional>
#include <string>

#include "bridges/nncp/packet/stream.h"
#include "bridges/nncp/packet/zstd.h"
#include "bridges/nncp/spool/files.h"
#include "bridges/nncp/spool/outbox.h"

namespace waypost::nncp {

// An open file that is closed with it.
class OwnFileSource : public Source {
  public:
    explicit OwnFileSource(Fd fd) : fd_(std::move(fd)), source_(fd_.get()) {}
    Result<std::size_t> read(std::span<std::uint8_t> into) override { return source_.read(into); }

  private:
    Fd fd_;
    FileSource source_;
};

// What a parcel holds, as its packet carries it: that of an Exec is packed. The parcel outlives it.
class ParcelSource : public Source {
  public:
    explicit ParcelSource(const Parcel& parcel);
    Result<std::size_t> read(std::span<std::uint8_t> into) override { return from_->read(into); }

  private:
    MemorySource in_memory_;
    std::optional<ZstdSource> packing_;
    Source* from_;
};

// Everything that is left, at most `most` bytes (TooLarge).
Result<std::string> read_all(Source& source, std::size_t most);

}  // namespace waypost::nncp
