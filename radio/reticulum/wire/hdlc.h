// SPDX-License-Identifier: Apache-2.0
// Packets on a byte stream (TCP, serial): 7E packet 7E, in it 7E as 7D 5E and 7D as 7D 5D. No
// checksum. One 7E may end a frame and begin the next. SPEC.md section 8.2.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "radio/reticulum/wire/sizes.h"

namespace waypost::reticulum {

std::string hdlc_frame(std::string_view packet);

// One thread. Memory stays below one frame.
class HdlcParser {
  public:
    // A longer frame is passed over. The default has room for the access code (IFAC) of a network
    // that has one, so that parse_packet can say so.
    explicit HdlcParser(std::size_t most = kMtu + kSignature) : most_(most) {}

    // Whole frames in what came so far, none empty.
    std::vector<std::string> feed(std::string_view bytes);
    std::uint64_t broken() const { return broken_; }  // frames too long or escaped wrongly

  private:
    void put(char byte);
    void flag(std::vector<std::string>& frames);

    std::size_t most_;
    std::string begun_;
    bool inside_ = false;   // a flag was seen
    bool escaped_ = false;  // the last byte was 7D
    bool bad_ = false;      // until the next flag
    std::uint64_t broken_ = 0;
};

}  // namespace waypost::reticulum
