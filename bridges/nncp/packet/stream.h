// SPDX-License-Identifier: Apache-2.0
// Where bytes come from and go to. Packets are read and written through these in constant memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "gateway/base/result.h"

namespace waypost::nncp {

class Source {
  public:
    virtual ~Source() = default;
    // Fills `into` as far as there is something; less than asked for means the end was reached.
    virtual Result<std::size_t> read(std::span<std::uint8_t> into) = 0;
};

class Sink {
  public:
    virtual ~Sink() = default;
    virtual Result<void> write(std::span<const std::uint8_t> bytes) = 0;
};

// Everything that is left of `source`.
Result<void> copy_all(Source& source, Sink& sink);
// The first `most` bytes of what is left, or all of it.
Result<std::string> read_start(Source& source, std::size_t most);

// Bytes in memory, which outlive it.
class MemorySource : public Source {
  public:
    explicit MemorySource(std::string_view bytes) : bytes_(bytes) {}
    Result<std::size_t> read(std::span<std::uint8_t> into) override;

  private:
    std::string_view bytes_;
};

// Takes at most `most` bytes; more is Code::TooLarge.
class MemorySink : public Sink {
  public:
    explicit MemorySink(std::size_t most) : most_(most) {}
    Result<void> write(std::span<const std::uint8_t> bytes) override;
    const std::string& bytes() const { return bytes_; }
    std::string take() { return std::move(bytes_); }

  private:
    std::size_t most_;
    std::string bytes_;
};

// An open file; the descriptor stays the caller's.
class FileSource : public Source {
  public:
    explicit FileSource(int fd) : fd_(fd) {}
    Result<std::size_t> read(std::span<std::uint8_t> into) override;

  private:
    int fd_;
};

class FileSink : public Sink {
  public:
    explicit FileSink(int fd) : fd_(fd) {}
    Result<void> write(std::span<const std::uint8_t> bytes) override;

  private:
    int fd_;
};

}  // namespace waypost::nncp
