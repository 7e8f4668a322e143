// SPDX-License-Identifier: Apache-2.0
#include "bridges/nncp/online/serial_line.h"

#include <algorithm>

#include "gateway/io/byte_line.h"

namespace waypost::nncp {
namespace {

using std::chrono::milliseconds;

// A write waits until the device took it, and meanwhile nobody reads: short enough that the device
// keeps what comes.
constexpr std::size_t kPiece = 256;

class SerialLine final : public Line {
  public:
    explicit SerialLine(std::unique_ptr<ByteLine> line) : line_(std::move(line)) {}

    Result<std::size_t> receive(std::span<std::uint8_t> into) override {
        if (came_.empty()) {
            auto read = line_->read(milliseconds(0));
            if (!read.ok()) return read.error();
            came_ = std::move(read).value();
        }
        const std::size_t n = std::min(into.size(), came_.size());
        std::copy_n(came_.begin(), n, into.begin());
        came_.erase(0, n);
        return n;
    }

    Result<std::size_t> send(std::span<const std::uint8_t> bytes) override {
        const auto piece = bytes.first(std::min(bytes.size(), kPiece));
        const auto written =
            line_->write({reinterpret_cast<const char*>(piece.data()), piece.size()});
        if (!written.ok()) return written.error();
        return piece.size();
    }

    void wait(bool input, bool output, milliseconds time) override {
        if (output || !came_.empty()) return;
        // Without interest in input only wake() ends the wait early; it comes within this.
        if (!input) time = std::min(time, milliseconds(20));
        auto read = line_->read(time);
        if (read.ok()) came_ = std::move(read).value();  // an Error comes again with receive()
    }

    void wake() noexcept override { line_->wake(); }
    void close() noexcept override {}
    bool noisy() const override { return true; }
    bool slow() const override { return true; }

  private:
    const std::unique_ptr<ByteLine> line_;
    std::string came_;
};

}  // namespace

Result<std::unique_ptr<Line>> open_serial_line(const std::string& where) {
    auto line = open_line(where);
    if (!line.ok()) return line.error();
    return std::unique_ptr<Line>(std::make_unique<SerialLine>(std::move(line).value()));
}

}  // namespace waypost::nncp
