// SPDX-License-Identifier: Apache-2.0
// KISS (Chepponis and Karn, 1987), the line between a host and a packet radio modem: FEND, a type,
// data, FEND; FEND and FESC inside are written as two bytes. No checksum, and no answers: what a
// modem does not know it ignores. RNodes frame their commands the same way.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace waypost::kiss {

// The low half of a modem's type; the high half is its port. RNodes use all eight bits otherwise.
enum Command : std::uint8_t {
    kData = 0,
    kTxDelay = 1,      // of 10 ms
    kPersistence = 2,  // p of 0..255
    kSlotTime = 3,     // of 10 ms
    kTxTail = 4,       // of 10 ms
    kFullDuplex = 5,
    kSetHardware = 6,
};

struct Frame {
    std::uint8_t type = 0;
    std::string data;

    int port() const { return type >> 4; }
    int command() const { return type & 15; }
    bool operator==(const Frame&) const = default;
};

std::string encode(const Frame& frame);

// One thread. Memory stays below one frame.
class Parser {
  public:
    explicit Parser(std::size_t most_data) : most_data_(most_data) {}

    // Whole frames in what came so far; empty ones between two FENDs are none.
    std::vector<Frame> feed(std::string_view bytes);
    std::uint64_t broken() const { return broken_; }  // too long, or with an escape of nothing
    void reset();

  private:
    void end(std::vector<Frame>& frames);

    std::size_t most_data_;
    std::string begun_;
    bool escaped_ = false;
    bool bad_ = false;     // until the next FEND
    bool inside_ = false;  // a FEND has come: before the first one lies the end of a frame
    std::uint64_t broken_ = 0;
};

}  // namespace waypost::kiss
