// SPDX-License-Identifier: Apache-2.0
// The frames between an XBee in API mode and its host: 7E, length (big-endian) and body, checksum
// (Digi user guides, "API frame structure"). In mode 2 each 7E 7D 11 13 behind the 7E is sent as 7D
// and the byte XOR 20; length and checksum are those of the bytes before that. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace waypost::xbee {

enum class ApiMode { Plain = 1, Escaped = 2 };

inline constexpr std::size_t kMostBody = 0x200;  // the largest real one: NP of 256 and 20

// `body` of 1..kMostBody bytes, its first the frame type; another size throws std::logic_error.
std::string frame(ApiMode mode, std::string_view body);

// One thread. Memory stays below one frame and what one call of feed() brought.
class Deframer {
  public:
    explicit Deframer(ApiMode mode) : mode_(mode) {}

    // Bodies of whole frames. In mode 1 a 7E may be data: what is no frame was a start by chance or
    // a cut frame, and the search goes on behind that 7E.
    std::vector<std::string> feed(std::string_view bytes);
    // The rest of the frame that has begun will not come: what is found without its start.
    std::vector<std::string> give_up_begun();
    bool begun() const { return in_frame_ || !buffer_.empty(); }
    // Wrong checksums, impossible lengths, and frames cut by the next or given up. Each counts
    // once; a start by chance is not told apart.
    std::uint64_t broken() const { return broken_; }

  private:
    std::vector<std::string> search();
    void feed_escaped(unsigned char byte, std::vector<std::string>& bodies);
    void end_escaped(bool broken);

    ApiMode mode_;
    std::string buffer_;     // mode 1: from a 7E on; mode 2: behind it, without escapes
    bool in_frame_ = false;  // mode 2
    bool escaped_ = false;   // mode 2: the byte before was 7D
    std::uint64_t broken_ = 0;
};

}  // namespace waypost::xbee
