// SPDX-License-Identifier: Apache-2.0
// What a packet holds, while it comes and when it is whole: in memory as long as it is small, then
// in a file without a name. Nobody but its owner sees it before its packet was checked to the end.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>

#include "bridges/nncp/packet/stream.h"
#include "bridges/nncp/toss/temp_file.h"

namespace waypost::nncp {

class Content : public Sink {
  public:
    // `folder`: on whose file system it lies if it grows. More than `most` bytes: TooLarge.
    Content(std::filesystem::path folder, std::uint64_t most)
        : folder_(std::move(folder)), most_(most) {}

    Result<void> write(std::span<const std::uint8_t> bytes) override;
    std::uint64_t bytes() const { return bytes_; }

    // All of it where it is small, else nullopt.
    std::optional<std::string_view> text() const;
    // From the first byte on; any number of them, each by itself. It outlives them.
    std::unique_ptr<Source> source() const;
    // A descriptor that is read from the first byte on, for a program. Stays ours.
    Result<int> descriptor();
    // The file it lies in, if it was too large for memory. While it is taken there is nothing here.
    std::optional<TempFile> take_file();
    void give_back(TempFile file) { file_ = std::move(file); }

  private:
    std::filesystem::path folder_;
    std::uint64_t most_, bytes_ = 0;
    std::string memory_;
    std::optional<TempFile> file_;
    Fd shown_;
};

// A part of an open file, which keeps its own place.
class FilePart : public Source {
  public:
    FilePart(int fd, std::uint64_t from, std::uint64_t bytes) : fd_(fd), at_(from), left_(bytes) {}
    Result<std::size_t> read(std::span<std::uint8_t> into) override;

  private:
    int fd_;
    std::uint64_t at_, left_;
};

}  // namespace waypost::nncp
