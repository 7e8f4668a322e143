// SPDX-License-Identifier: Apache-2.0
// Frames of the MeshCore companion protocol on serial lines (115200 8N1) and TCP (port 5000): '<'
// to the radio or '>' from it, length (little-endian, at most 176), payload. Bytes between frames
// are what a device prints as it boots, and are skipped.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace waypost::meshcore {

inline constexpr std::size_t kMaxFrame = 176;

enum class Direction : char { ToRadio = '<', FromRadio = '>' };

class FrameParser {
  public:
    explicit FrameParser(Direction direction) : start_(static_cast<char>(direction)) {}

    // Whole payloads found in what came so far; memory stays below one frame.
    std::vector<std::string> feed(std::string_view bytes);
    // The rest of the frame that has begun will not come: what is found without its start.
    std::vector<std::string> give_up_begun();
    bool begun() const { return !buffer_.empty(); }
    std::uint64_t skipped() const { return skipped_; }  // bytes that belonged to no frame
    void reset() { buffer_.clear(); }

  private:
    char start_;
    std::string buffer_;
    std::uint64_t skipped_ = 0;
};

// `payload` of 1 to kMaxFrame bytes; any other throws std::logic_error.
std::string frame(Direction direction, std::string_view payload);

}  // namespace waypost::meshcore
