// SPDX-License-Identifier: Apache-2.0
// Frames on a pipe that keeps no boundaries and may lose, damage or invent bytes (a modem in
// transparent mode): Consistent Overhead Byte Stuffing of the bytes and their CRC-16 (X.25's
// polynomial 1021, from FFFF, big-endian), then one delimiter. Costs 4 bytes, and one more for
// each 254. The delimiter is '+' (2B), which occurs nowhere else: so no data makes the "+++" that
// puts a modem into command mode, however the line stutters.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace waypost {

inline constexpr std::size_t kMostCobsFrame = 1024;  // a longer one is taken for noise

// What goes on the line for a frame of 0..kMostCobsFrame bytes; longer throws std::logic_error.
std::string cobs_frame(std::string_view bytes);
std::size_t cobs_frame_size(std::size_t bytes);  // at most so many on the line

// One thread. Memory stays below one frame.
class CobsDeframer {
  public:
    // Whole frames in what came so far.
    std::vector<std::string> feed(std::string_view bytes);
    // The line was silent for longer than it is within a frame: the rest of what has begun will not
    // come. Without this the frame behind it would be lost as well.
    void give_up_begun();
    bool begun() const { return overlong_ || !begun_.empty(); }
    std::uint64_t broken() const { return broken_; }  // frames damaged or given up

  private:
    void delimiter(std::vector<std::string>& frames);

    std::string begun_;
    bool overlong_ = false;  // until the next delimiter
    std::uint64_t broken_ = 0;
};

// "123456789" gives 29B1.
std::uint16_t crc16(std::string_view bytes);

}  // namespace waypost
