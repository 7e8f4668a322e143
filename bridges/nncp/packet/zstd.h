// SPDX-License-Identifier: Apache-2.0
// The payload of exec packets: zstd frames (RFC 8878), by libzstd. No bytes are no frame: empty
// input, as nncp writes it.
#pragma once

#include <cstdint>
#include <memory>

#include "bridges/nncp/packet/stream.h"

namespace waypost::nncp {

inline constexpr int kZstdLevel = 3;
// Nothing that asks for more memory is opened: 128 MiB.
inline constexpr int kZstdWindowLog = 27;

// What `input` holds, packed.
class ZstdSource : public Source {
  public:
    explicit ZstdSource(Source& input, int level = kZstdLevel);
    ~ZstdSource() override;
    Result<std::size_t> read(std::span<std::uint8_t> into) override;

  private:
    struct State;
    std::unique_ptr<State> state_;
};

// Unpacks what is written to it into `next`, `most` bytes at most (Code::TooLarge). Takes several
// frames one after the other.
class UnzstdSink : public Sink {
  public:
    UnzstdSink(Sink& next, std::uint64_t most);
    ~UnzstdSink() override;
    Result<void> write(std::span<const std::uint8_t> bytes) override;
    // An Error if the last frame is not whole.
    Result<void> finish();

  private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace waypost::nncp
