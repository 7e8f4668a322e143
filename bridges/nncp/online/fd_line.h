// SPDX-License-Identifier: Apache-2.0
// A line of one or two descriptors.
#pragma once

#include "bridges/nncp/online/line.h"
#include "bridges/nncp/spool/files.h"

namespace waypost::nncp {

class FdLine : public Line {
  public:
    // They may be the same. The caller keeps them open, and not blocking, for as long as this
    // lives.
    FdLine(int in, int out);
    Result<std::size_t> receive(std::span<std::uint8_t> into) override;
    Result<std::size_t> send(std::span<const std::uint8_t> bytes) override;
    void wait(bool input, bool output, std::chrono::milliseconds time) override;
    void wake() noexcept override;
    void close() noexcept override {}

  protected:
    // Reads on, for a second at most, until the other side closed as well.
    void read_to_end() noexcept;

  private:
    const int in_, out_;
    const Fd wake_;
};

}  // namespace waypost::nncp
