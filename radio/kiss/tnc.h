// SPDX-License-Identifier: Apache-2.0
// The modem's side of a KISS line: programs that speak KISS (AX.25, APRS) use a frame radio as if
// it were their TNC. A data frame of port 0 is one radio frame as it is, without reliability; what
// is heard goes to the host likewise. TXDELAY and its like are a packet radio's: they are dropped,
// as a TNC drops what it does not know. No clock, no I/O; one thread.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

#include "radio/kiss/kiss_codec.h"

namespace waypost::kiss {

class Tnc {
  public:
    static constexpr std::size_t kMostWaiting = 16;  // frames for the air

    explicit Tnc(std::size_t most_frame) : most_frame_(most_frame), parser_(kMostData) {}

    // The radio's most may change; longer frames are dropped and counted.
    void set_most_frame(std::size_t bytes) { most_frame_ = bytes; }
    void from_host(std::string_view bytes);
    // The host is not read while it is full: what one read brings beyond is dropped and counted.
    bool full() const { return waiting_.size() >= kMostWaiting; }
    bool waiting() const { return !waiting_.empty(); }
    std::optional<std::string> next_frame();
    static std::string to_host(std::string_view heard);

    std::uint64_t too_long() const { return too_long_; }
    std::uint64_t dropped() const { return dropped_; }  // full, other ports
    std::uint64_t broken() const { return parser_.broken(); }

  private:
    static constexpr std::size_t kMostData = 2048;
    std::size_t most_frame_;
    Parser parser_;
    std::deque<std::string> waiting_;
    std::uint64_t too_long_ = 0, dropped_ = 0;
};

}  // namespace waypost::kiss
